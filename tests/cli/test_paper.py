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


count = 0
for name in sorted(os.listdir(os.path.join(ROOT, "systems"))):
    folder = os.path.join(ROOT, "systems", name)
    said = open(os.path.join(folder, "system.yaml"), encoding="utf-8").read()
    papers = re.findall(r"^  (\w+): +\{label: [^,]+, of: \w+, template: papers/\w+\.html, form: (\w+)", said, re.M)
    ok(len(papers) == len(os.listdir(os.path.join(folder, "papers"))) > 0, "%s: all its papers are known here" % name, papers)
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

pairs = os.path.join(ROOT, "systems", "pairs")
ok(run(pairs, "card")[0] == 0 and os.path.exists(os.path.join(SCRATCH, "card.pdf")), "without -o it is NAME.pdf")
ok(run(pairs, "nothing")[0] == 2 and run(pairs)[0] == 2 and run("-o", "x.txt", pairs, "card")[0] == 2, "no such paper, none named, another ending")
broken = os.path.dirname(keep("pairs/system.yaml", open(os.path.join(pairs, "system.yaml"), encoding="utf-8").read()))
ok(run(broken, "card")[0] == 1, "a package with faults is not drawn, its faults are told")
finish()
