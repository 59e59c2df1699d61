"""gangmu system paper: every paper of every package is drawn from its demo rows; PDF and DOCX say the same and are the same
bytes each time; what cannot be drawn is refused. TAP."""
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as tree
import zipfile

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tap import GANGMU, ROOT, SCRATCH, finish, keep, ok  # noqa: E402

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FORMS = {"gbt9704": (595, 842), "plain": (595, 842), "certificate": (842, 595), "list": (842, 595)}


def run(*words):
    done = subprocess.run([GANGMU, "system", "paper", *words], cwd=SCRATCH, capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout + done.stderr


def bare(text):
    return re.sub(r"\s+", "", text)


def pdf_text(path):
    """What pdftotext reads, page numbers left out."""
    raw = subprocess.run(["pdftotext", "-raw", path, "-"], capture_output=True, text=True, check=True).stdout
    return bare(re.sub(r"^— ?\d+ ?—$", "", raw, flags=re.M))


def docx_text(path):
    with zipfile.ZipFile(path) as z:
        for part in z.namelist():
            if part.endswith(".xml"):
                tree.fromstring(z.read(part))
        body = tree.fromstring(z.read("word/document.xml"))
    heads = [row for row in body.iter(WORD + "tr") if row.find("./%strPr/%stblHeader" % (WORD, WORD)) is not None]
    return words_of(body), [words_of(row) for row in heads]


def words_of(element):
    return bare("".join(x.text or "" for x in element.iter(WORD + "t")))


def once(text, heads):
    """The heads of tables, which PDF repeats on each page, only the first time."""
    for head in heads:
        first, rest = text.split(head, 1)
        text = first + head + rest.replace(head, "")
    return text


def page_size(path):
    said = subprocess.run(["pdfinfo", path], capture_output=True, text=True, check=True).stdout
    return tuple(round(float(x)) for x in re.search(r"Page size:\s+([\d.]+) x ([\d.]+)", said).groups())


def read(path):
    with open(path, "rb") as f:
        return f.read()


count = 0  # of papers
for name in sorted(os.listdir(os.path.join(ROOT, "systems"))):
    folder = os.path.join(ROOT, "systems", name)
    said = open(os.path.join(folder, "system.yaml"), encoding="utf-8").read()
    papers = re.findall(r"^  (\w+): +\{label: [^,]+, of: \w+, template: papers/\w+\.html, form: (\w+)", said, re.M)
    files = os.listdir(os.path.join(folder, "papers")) if os.path.isdir(os.path.join(folder, "papers")) else []
    ok(len(papers) == len(files), "%s: all its papers are known here" % name, papers)
    for paper, form in papers:
        pdf, docx = os.path.join(SCRATCH, paper + ".pdf"), os.path.join(SCRATCH, paper + ".docx")
        one, two = run("-o", pdf, folder, paper), run("--out", docx, folder, paper)
        ok(one[0] == 0 and two[0] == 0, "%s %s is drawn" % (name, paper), one[1] + two[1])
        ok(read(pdf).startswith(b"%PDF-") and page_size(pdf) == FORMS[form], "%s %s: a sheet of A4 the right way round" % (name, paper), form)
        said, heads = docx_text(docx)
        texts = once(pdf_text(pdf), heads), said
        ok(texts[0] == texts[1] and len(texts[0]) > 40, "%s %s: PDF and DOCX say the same" % (name, paper), "%s\n%s" % texts)
        ok("{" not in texts[0] and "#" not in texts[0] and "方框" not in one[1], "%s %s: nothing is left unfilled" % (name, paper), texts[0])
        count += 1
    before = read(pdf), read(docx)
    run("-o", pdf, folder, paper), run("-o", docx, folder, paper)
    ok((read(pdf), read(docx)) == before, "%s %s: the same bytes again" % (name, paper))
ok(count > 40, "%d papers" % count)

# ---- a package of our own: values as an office writes them, lines and pages as the standard has them ----
SYSTEM = """gangmu: 1
system: ruler
label: 尺
version: 1
summary: 量一量文书
roles: {clerk: {label: 经办, at: [department], sees: {sheet: all}}}
lists: {grade: {label: 等级, ordered: yes, items: {low: 一般, high: 重大}}}
records:
  sheet:
    label: 单
    number: "D{yyyy}-{seq:3}"
    keepers: [clerk]
    fields:
      unit: {is: unit, label: 单位}
      sum: {is: money, label: 金额}
      area: {is: "decimal(2, m²)", label: 面积}
      share: {is: "decimal(1, %)", label: 占比}
      heads: {is: count(人), label: 人数}
      on: {is: date, label: 日期}
      at: {is: moment, label: 时刻}
      held: {is: span, label: 起止}
      days: {is: span, label: 期间}
      wait: {is: duration, label: 时长}
      when: {is: period(term), label: 学期}
      quarter: {is: period(quarter), label: 季度}
      good: {is: flag, label: 合格}
      rank: {is: choice(grade), label: 等级}
      ranks: {is: choices(grade), label: 各等级}
      gone: {is: date, label: 未填}
      half: {is: money, label: 一半, value: "round(sum / 2, 0.01 元)"}
      long: {is: text(4000), label: 长文}
      lines: {is: rows, label: 明细, most: 100, fields: {what: {is: text(40), label: 事项}, cost: {is: money, label: 金额}, twice: {is: money, label: 两倍, value: cost * 2}}}
papers:
  values: {label: 值, of: sheet, template: papers/values.html, form: plain}
  letter: {label: 文, of: sheet, template: papers/letter.html, form: gbt9704, number: "量〔{yyyy}〕{seq}号"}
  table: {label: 表, of: sheet, template: papers/table.html, form: gbt9704}
  endless: {label: 无尽, of: sheet, template: papers/endless.html, form: list}
privacy: {rule: none, why: 没有个人信息}
"""
LONG = "全市中小学要把校园安全放在首位，逐项排查，逐项整改。" * 60
ROWS = ", ".join("[第%d项, %d.50]" % (i, i) for i in range(1, 81))
ROW = {"unit": "东山一小", "sum": "1234567.8", "area": "1250", "share": "33.5%", "heads": "1200", "on": "2026-03-02", "at": "2026-03-02 09:05",
       "held_from": "2026-03-02 09:00", "held_to": "2026-03-02 11:30", "days_from": "2026-01-01 00:00", "days_to": "2026-12-31 23:59", "wait": "10 workdays",
       "when": "2025-2", "quarter": "2026-1", "good": "yes", "rank": "high", "ranks": "low high", "long": '"%s"' % (LONG + "\n换行另起一段。"), "lines": '"[%s]"' % ROWS}
SAYS = {"unit": "东山一小", "sum": "1,234,567.80元", "area": "1,250.00 m²", "share": "33.5%", "heads": "1,200人", "on": "2026年3月2日", "at": "2026年3月2日9时05分",
        "held": "2026年3月2日9时至11时30分", "days": "2026年1月1日至2026年12月31日", "wait": "10个工作日", "when": "2025—2026学年第二学期", "quarter": "2026年第一季度",
        "good": "是", "rank": "重大", "ranks": "一般、重大", "gone": "—", "half": "617,283.90元"}
keep("ruler/system.yaml", SYSTEM)
keep("ruler/scenario.yaml", "scenario: 量\nsystem: ruler\ndemo: yunlan\nstart: 2026-03-02 09:00\nactors:\n  jing: {role: clerk, at: 办公室}\n"
     "steps:\n  - as: jing\n    do: sheet.add\n    with: {sum: 1.00}\n")
keep("ruler/demo/sheet.csv", ",".join(ROW) + "\n" + ",".join(ROW.values()) + "\n")
keep("ruler/papers/values.html", "<h1>值</h1><dl>" + "".join("<dt>%s</dt><dd>{%s}</dd>" % (x, x) for x in SAYS) + "</dl>\n<p>于 {on} 到 {unit} 见 ISO {heads}</p>")
keep("ruler/papers/letter.html", "<h1>关于进一步加强全市中小学校园安全风险管控与隐患排查治理的通知</h1>\n<p>{unit}：</p>\n<p>{long}</p>")
keep("ruler/papers/table.html", "<h1>表</h1><table><thead><tr><th>事项</th><th>金额</th><th>两倍</th></tr></thead><tbody>{each lines as l where l.cost > 1 元}"
     "<tr><td>{l.what}</td><td>{l.cost}</td><td>{l.twice}</td></tr>{end}</tbody></table>")
keep("ruler/papers/endless.html", "<table>{each lines as a}{each lines as b}<tr><td>{a.what}</td><td>{b.what}</td></tr>{end}{end}</table>")
ruler = os.path.join(SCRATCH, "ruler")


def lines_of(paper):
    """Lines of each page, page numbers left out."""
    status, said = run("-o", "ruler.pdf", ruler, paper)
    ok(status == 0, "ruler %s is drawn" % paper, said)
    raw = subprocess.run(["pdftotext", "-raw", os.path.join(SCRATCH, "ruler.pdf"), "-"], capture_output=True, text=True, check=True).stdout
    return [[x for x in page.splitlines() if x and not re.match(r"^— ?\d+ ?—$", x)] for page in raw.split("\f")[:-1]]


values = "".join(line for page in lines_of("values") for line in page)
for field, says in SAYS.items():
    ok(bare(field + says) in bare(values), "a value of %s is written %s" % (field, says), values)
ok("于2026年3月2日到东山一小见ISO1,200人" in bare(values) and "于2026" in values and "ISO 1,200" in values, "blanks of a template stand between letters only", values)

pages = lines_of("letter")
first = pages[0]
at = next(i for i, x in enumerate(first) if x == "东山一小：")
titles = first[at - 2:at]
ok(abs(len(titles[0]) - len(titles[1])) <= 2 and "".join(titles).endswith("的通知"), "a title of two lines has them of one length", titles)
body = first[at + 1:]
ok(first[1].startswith("量〔") and len(body[0]) == 26, "a paragraph begins two characters in", body[0])
full = [x for page in pages for x in page if x in LONG]
ok(len(full) > 40 and max(len(x) for x in full) == 28, "a line has 28 characters", sorted(set(len(x) for x in full)))
ok(not [x for x in full if x[0] in "，。、；：”）"], "no line begins with a mark that may not stand there")
ok(len(pages) >= 3 and len(pages[1]) == 22, "a page has 22 lines", [len(x) for x in pages])
ok(any(x == "换行另起一段。" for page in pages for x in page), "a break in a value begins a paragraph")
last = pages[-1]
ok(len(last) >= 3 and last[-1].endswith("印发") and re.match(r"^\d{4}年\d+月\d+日$", last[-2]), "signature and imprint are on the last page, with text", last)

pages = lines_of("table")
ok(len(pages) > 1 and all("事项 金额 两倍" in page for page in pages if any("项 " in x and x[0] == "第" for x in page)), "the head of a table is repeated", [x[:3] for x in pages])
rows = [x for page in pages for x in page if re.match(r"^第\d+项 ", x)]
ok(len(rows) == 80 and rows[79] == "第80项 80.50元 161.00元", "each row is there once, its fields computed", rows[-1:])
status, said = run("-o", "ruler.pdf", ruler, "endless")
ok(status == 2 and "200" in said, "a paper has at most 200 pages", said)

pairs = os.path.join(ROOT, "systems", "pairs")
ok(run(pairs, "card")[0] == 0 and os.path.exists(os.path.join(SCRATCH, "card.pdf")), "without -o it is NAME.pdf")
ok(run(pairs, "nothing")[0] == 2 and run(pairs)[0] == 2 and run("-o", "x.txt", pairs, "card")[0] == 2, "no such paper, none named, another ending")
broken = os.path.dirname(keep("pairs/system.yaml", open(os.path.join(pairs, "system.yaml"), encoding="utf-8").read()))
ok(run(broken, "card")[0] == 1, "a package with faults is not drawn, its faults are told")
finish()
