#!/usr/bin/env python3
"""Files that people give by mistake or in bad faith, on the command line: exit 2, a reason and what to do in both languages,
soon. And two hostile plans whose tables once took minutes and gigabytes. TAP."""
import io
import os
import resource
import subprocess
import sys
import time
import zipfile

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tap import GANGMU, ROOT, SCRATCH, finish, keep, ok

SECONDS = 20  # a hang or quadratic time takes minutes; the machine may be busy and the program instrumented
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
HEAD = "云岚市教育局2026年工作要点\n一、工作\n"


def compiled(path, *options):
    try:
        begun = time.monotonic()
        done = subprocess.run([GANGMU, "compile", *options, "--", path], capture_output=True, stdin=subprocess.DEVNULL, timeout=SECONDS)
        return done.returncode, done.stderr.decode("utf-8", "replace"), time.monotonic() - begun
    except subprocess.TimeoutExpired:
        return None, "longer than %d s" % SECONDS, SECONDS


def docx(body, kind=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", kind) as z:
        z.writestr("[Content_Types].xml", '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>')
        z.writestr("word/document.xml", body)
    return out.getvalue()


def body(text, before=""):
    return '%s<w:document xmlns:w="%s"><w:body><w:p><w:r><w:t>%s</w:t></w:r></w:p></w:body></w:document>' % (before, W, text)


good = docx(body("一、工作"))
stored = bytearray(docx(body("一、工作"), zipfile.ZIP_STORED))
stored[stored.find("工作".encode())] ^= 1
laughs = "<!DOCTYPE d [<!ENTITY a0 'aaaaaaaaaa'>" + "".join("<!ENTITY a%d '%s'>" % (n, ("&a%d;" % (n - 1)) * 10) for n in range(1, 10)) + "]>"
novel = "他沿着河边走了很久，天色渐渐暗了。她没有回头，谁也没有说话。\n" * 3300
os.makedirs(os.path.join(SCRATCH, "folder.txt"), exist_ok=True)
os.mkfifo(os.path.join(SCRATCH, "pipe.txt"))
refused = {
    "empty": keep("empty.txt", b""), "a byte order mark alone": keep("bom.txt", b"\xef\xbb\xbf"), "zeroes": keep("zero.txt", b"\0" * 3000),
    "binary": keep("binary.txt", os.urandom(100000)), "20 MiB": keep("big.txt", b"x" * (20 << 20)),
    "locked PDF": os.path.join(ROOT, "tests/data/text/locked.pdf"), "cut PDF": keep("cut.pdf", b"%PDF-1.4\n1 0 obj<<"),
    "cut DOCX": keep("cut.docx", good[:-40]), "DOCX of a wrong checksum": keep("crc.docx", bytes(stored)),
    "DOCX that unpacks to 90 MB": keep("bomb.docx", docx("<a>" + " " * (90 << 20) + "</a>")),
    "outer entities": keep("outer.docx", docx(body("&x;", '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]>'))),
    "a billion laughs": keep("laughs.docx", docx(body("&a9;", laughs))), "a novel": keep("novel.txt", novel),
    "a novel in one line": keep("line.txt", novel.replace("\n", "")), "10,000 brackets": keep("brackets.txt", "（" * 10000 + "）" * 10000),
    "one line of 5 MB": keep("five.txt", "新建学校" * ((5 << 20) // 12)), "a flood of &": keep("and.html", b"<html>" + b"&" * (5 << 20)),
    "a folder": os.path.join(SCRATCH, "folder.txt"), "a pipe nobody writes to": os.path.join(SCRATCH, "pipe.txt"),
    "a name with a line end": os.path.join(SCRATCH, "two\nlines.txt"), "a name that turns the writing": os.path.join(SCRATCH, "‮fdp.txt"),
    "a name too long": os.path.join(SCRATCH, "长" * 100), "an old document": keep("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4096),
}
if os.geteuid() != 0:
    refused["no permission"] = keep("closed.txt", "x")
    os.chmod(refused["no permission"], 0)
for name, path in refused.items():
    for lang, hint in (("zh", "提示: "), ("en", "hint: ")):
        status, says, seconds = compiled(path, "--lang", lang)
        first = [x for x in says.split("\n") if x]
        ok(status == 2 and "error: " in says and (hint in says or name == "a name too long"), "%s, %s: exit 2, a reason, what to do" % (name, lang), says)
        if name.startswith("a name"):
            ok(len(first) <= 2 and "‮" not in says, "%s, %s: the message keeps its lines" % (name, lang), says)

# ---- plans with a line of 5 MB, with 30,000 items: every table in bounded time ----
row = "推进义务教育优质均衡发展，新建学校3所，"
plans = {"a plan with a line of 5 MB": keep("wide.txt", HEAD + "（一）新建学校。" + row * ((5 << 20) // len(row.encode())) + "\n"),
         "30,000 items": keep("long.txt", HEAD + "".join("%d.新建学校。新建学校%d所。\n" % (n, n) for n in range(1, 30000)))}
for name, path in plans.items():
    for form in ("json", "csv", "docx"):
        status, says, seconds = compiled(path, "--format", form, "-o", os.path.join(SCRATCH, "out"))
        ok(status in (0, 1), "%s as %s" % (name, form), "%s %.1f s %s" % (status, seconds, says[:500]))
most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10
ok(most < 2048, "memory stays within 2 GB", "%d MB" % most)
finish()
