"""What people upload by mistake: each gets a message of its own, soon, and the server goes on."""
import io
import os
import time
import zipfile

from kit import HANGS, Client, Server, check, demo, finish

server = Server("bad.db")
c = Client(server)


def docx(body):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("[Content_Types].xml", '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>')
        z.writestr("word/document.xml", body)
    return out.getvalue()


ENCRYPTED_PDF = (b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
                 b"3 0 obj<</Filter/Standard/V 2/R 3/Length 128/P -44/O<" + b"ab" * 32 + b">/U<" + b"cd" * 32 + b">>>endobj\n"
                 b"trailer<</Root 1 0 R/Encrypt 3 0 R/ID[<00112233445566778899aabbccddeeff><00112233445566778899aabbccddeeff>]>>\n%%EOF\n")
NOVEL = ("他沿着河边走了很久，天色渐渐暗下来，对岸的灯一盏一盏亮了。“你还记得吗？”她问。他没有回答，只是把手里的石子扔进水里。\n" * 4000).encode()
MIXED = demo("yunlan-2026.txt") + "（四十）新建学校3所。\n".encode("gb18030") * 20 + "特殊教育".encode("utf-16le")
cases = [
    ("empty", "空.txt", b"", None),
    ("blank", "空白.txt", b" \r\n\t" * 100, None),
    ("binary", "照片.txt", os.urandom(200000), None),
    ("broken docx", "坏.docx", docx("<w:document><w:body>")[:-40], None),
    ("docx of broken xml", "坏2.docx", docx("<w:document><w:body><w:p>"), None),
    ("bomb", "炸弹.docx", docx("<a>" + " " * (80 << 20) + "</a>"), None),
    ("encrypted pdf", "密.pdf", ENCRYPTED_PDF, None),
    ("old word", "旧.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4096, None),
    ("novel", "小说.txt", NOVEL, "any"),
    ("mixed encodings", "混.txt", MIXED, "any"),
    ("brackets", "括号.txt", "（".encode() * 10000 + "一、工作\n（一）新建学校3所。\n".encode() + "）".encode() * 10000, "any"),
    ("one line", "一行.txt", "推进义务教育优质均衡发展，新建学校3所，".encode() * ((5 << 20) // 57), "any"),
]
messages = {}
for name, file, data, kept in cases:
    begun, before = time.monotonic(), server.spent()
    a = c.upload(file, data)
    took, cost = time.monotonic() - begun, server.spent() - before
    if kept:
        good = a.status == 200 or (a.status in (400, 413, 422) and a.json["says"])
    else:
        good = a.status in (400, 413, 415, 422) and a.json["says"] and a.json["code"] in ("invalid", "bad_request", "too_large")
    check(good, name + " is answered clearly", (a.status, a.text[:200]))
    check(cost < 2.5 and took < HANGS, name + " within two seconds", (round(cost, 2), round(took, 2)))
    if a.status >= 400:
        messages.setdefault(a.json["says"], []).append(name)
    check(c.get("/healthz").status == 200, "after it the server goes on")
check(all(len(v) == 1 or set(v) <= {"empty", "blank"} or set(v) <= {"novel", "brackets", "one line"} for v in messages.values()),
      "different troubles have different messages", messages)

# ---- too large: refused before it is read, and so that the reader sees it ----
begun, before = time.monotonic(), server.spent()
a = c.upload("大.txt", b"x" * (20 << 20))
check(a.status == 413 and "16 MB" in a.json["says"] and a.json["hint"], "20 MiB: the limit is named, with a hint", a.text[:200])
check(server.spent() - before < 2.5 and time.monotonic() - begun < HANGS, "20 MiB within two seconds")
a = c.request("POST", "/plans", b"x" * (20 << 20), {"Content-Type": "multipart/form-data; boundary=b", "X-Token": c.sign()})
check(a.status == 413 and "16 MB" in a.text and "<html" in a.text, "as a page too")
good = c.upload("好.txt", demo("yunlan-2026.txt"))
check(good.status == 200, "a good file is still taken", good.text[:200])
just = demo("yunlan-2025.txt") + b"\n" * ((16 << 20) - len(demo("yunlan-2025.txt")))
a = c.upload("正好.txt", just)
check(a.status == 200, "exactly 16 MiB is taken", (a.status, a.text[:200]))
a = c.upload("多一.txt", just + b"\n")
check(a.status == 413, "one byte more is not", a.status)

# ---- broken forms ----
def raw(body, kind):
    return c.request("POST", "/api/v1/plans", body, {"Content-Type": kind, "X-Token": c.sign()}).status

check(raw(b"--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nabc", "multipart/form-data; boundary=b") == 400, "a cut form")
check(raw(b"", "multipart/form-data; boundary=b") == 422, "no form at all")
check(raw(b"abc", "multipart/form-data") == 400, "no boundary")
check(raw(b"{\"a\": [1]}", "application/json") == 400 and raw(b"{", "application/json") in (400, 422), "JSON that is no flat object")
check(raw(b"a=%zz", "application/x-www-form-urlencoded") == 400, "a broken escape")
check(raw(b"&".join(b"a%d=1" % i for i in range(600)), "application/x-www-form-urlencoded") == 413, "too many fields")
check(raw(b"a=" + b"x" * 70000, "application/x-www-form-urlencoded") == 413, "a field too long")
check(raw(b"abc", "text/plain") == 400, "an unknown kind of body")
check(server.stop() == 0 and server.verify() == 0, "ends in order, the chain holds")
finish()
