"""Pairs of two plans that a person confirms or cuts, and takes back on the comparison itself."""
import re
import urllib.parse

from kit import Client, Server, check, demo, finish

server = Server()
c = Client(server)
a = c.upload("2025.txt", demo("yunlan-2025.txt")).json["data"]["id"]
b = c.upload("2026.txt", demo("yunlan-2026.txt")).json["data"]["id"]


def compared():
    return c.get("/api/v1/compare?a=%s&b=%s" % (a, b)).json["data"]


def form(path, **fields):
    fields.update(token=c.sign(), left=a, right=b)
    return c.request("POST", path, urllib.parse.urlencode(fields), {"Content-Type": "application/x-www-form-urlencoded"})


def link(pair, what, **more):
    return form("/compare/links", left_item=pair["left"]["key"], right_item=pair["right"]["key"], link=what, **more)


def row(right):
    return next(r for r in compared()["rows"] if r["right"] and r["right"]["key"] == right)


pair = next(r for r in compared()["rows"] if r["left"] and r["right"])
right, was = pair["right"]["key"], pair["left"]["key"]
check(compared()["made"] == [], "nothing is made by hand yet")

# ---- cut, and taken back where one is ----
done = link(pair, "cut", show="changed")
check(done.status == 303 and "did=cut" in done.headers["Location"] and "#p" + right in done.headers["Location"], "a pair is cut", done.headers.get("Location"))
made = compared()["made"]
check(len(made) == 1 and made[0]["cut"] and (row(right)["left"] or {}).get("key") != was, "it is no pair any more", made)
page = c.get(done.headers["Location"].split("#")[0].replace("&show=changed", "")).text
check(page.count('action="/compare/links/undo"') == 3, "the page offers to take it back: in the receipt and at both items", page.count('action="/compare/links/undo"'))
check("已由人工断开与" in page and 'id="p%s"' % right in page, "and says what was cut")
done = form("/compare/links/undo", seq=made[0]["seq"], right_item=right, show="changed", mode="years")
where = done.headers["Location"]
check(done.status == 303 and "did=undo" in where and "show=changed" in where and "mode=years" in where and where.endswith("#p" + right), "it is taken back, the page stays where it was", where)
check(row(right)["left"]["key"] == was and compared()["made"] == [], "the pair stands again")
check(form("/compare/links/undo", seq=made[0]["seq"]).status == 404, "a second time there is nothing to take back")
h = c.get("/api/v1/plans/%s/history" % a).json["rows"]
check([x["act"] for x in h[:2]] == ["undo", "cut"] and h[1]["undone"], "the history of the older plan has both", h[:2])

# ---- any of them, not only the last; other acts in between stay ----
link(pair, "confirm")
other = next(r for r in compared()["rows"] if r["left"] and r["right"] and r["right"]["key"] != right)
link(other, "confirm")
item = next(r for r in c.get("/api/v1/plans/" + a).json["data"]["review"] if r["state"] == "open")
c.post("/api/v1/plans/%s/accept" % a, {"item": item["key"]})
first = next(m for m in compared()["made"] if m["right"]["key"] == right)
page = c.get("/compare?a=%s&b=%s" % (a, b)).text
check(page.count("已由人工确认对应") == 4 and page.count('action="/compare/links/undo"') == 2, "each confirmed pair says so", page.count("已由人工确认对应"))
check(c.post("/api/v1/compare/links/undo", {"left": a, "right": b, "seq": first["seq"]}).json["data"]["undone"] == first["seq"], "the older one is taken back over the API")
check([m["right"]["key"] for m in compared()["made"]] == [other["right"]["key"]], "the other one holds")
check(next(r["state"] for r in c.get("/api/v1/plans/" + a).json["data"]["review"] if r["key"] == item["key"]) == "accepted", "and so does what was done since")
check(c.post("/api/v1/plans/%s/undo" % a).status == 200 and c.post("/api/v1/plans/%s/undo" % a).status == 200 and compared()["made"] == [],
      "undoing on the plan goes on with what is left")
check(c.post("/api/v1/compare/links/undo", {"left": b, "right": a, "seq": first["seq"]}).status == 404, "a link of another pair of plans is not touched")

# ---- a later decision on the same pair gives way to the earlier one ----
link(pair, "confirm")
link(pair, "cut")
check(form("/compare/links/undo", seq=compared()["made"][0]["seq"]).status == 303 and compared()["made"][0]["cut"] is False, "the earlier decision holds again")
check(server.stop() == 0 and server.verify() == 0, "ends in order, the chain holds")
finish()
