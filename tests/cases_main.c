/* Runs the case files: text in, expected facts or diagnostics out, in a form a clerk can write.
 *
 *   cases FILE|FOLDER...        TAP on standard output, exit 1 when a case fails
 *
 * A file is a list of cases: `=== title`, then blocks `--- input`, `--- options` (year 2026, unit 某处, name x.md),
 * `--- expect` (one fact a line), `--- diagnostics` (2:14 warning [no-unit]), `--- table` (lines of the CSV table).
 * `no lead` and `no target 3` say that there is no such fact, `count targets 3` how many there are, `not-target "第六批"`
 * that no target's number lies in these words, `refused KEY` that the compiler refuses with that message.
 * A line that begins with # outside a block's text (before the first ===) is a comment. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/limits.h"
#include "cases_facts.h"
#include "engine/plan/render.h"

enum block { BLOCK_NONE, BLOCK_INPUT, BLOCK_OPTIONS, BLOCK_EXPECT, BLOCK_DIAGNOSTICS, BLOCK_TABLE, BLOCK_COUNT };
static const char *const block_words[BLOCK_COUNT] = {"", "input", "options", "expect", "diagnostics", "table"};

struct test_case {
  struct str file, title, block[BLOCK_COUNT];
  int line;
};
struct run {
  int count, failed;
};
struct check { /* one case being checked */
  struct arena *mem;
  struct test_case *tc;
  struct plan p;
  facts have;
  bool refused;
  struct err e;
  struct buf *report;
};

static struct str next_line(struct str *rest) {
  struct str line, tail;
  if (!str_cut(*rest, STR("\n"), &line, &tail)) {
    line = *rest;
    tail = (struct str){0};
  }
  *rest = tail;
  return line;
}

static void bad(struct check *c, struct str line, const char *why) {
  buf_fmt(c->report, "#   %s: " STRF "\n", why, STRA(line));
}

static void show_same_kind(struct check *c, struct str keyword) {
  int shown = 0;
  vec_each(struct fact, f, &c->have) {
    if (!str_eq(f->keyword, keyword) || str_eqz(keyword, "clean")) continue;
    if (shown++ == 12) break;
    buf_fmt(c->report, "#     found: " STRF "\n", STRA(fact_says(c->mem, f)));
  }
  if (!shown) buf_fmt(c->report, "#     found none of this kind\n");
}

static size_t count_matches(struct check *c, const struct fact *want) {
  size_t n = 0;
  vec_each(struct fact, f, &c->have) n += fact_matches(want, f);
  return n;
}

static void check_none(struct check *c, struct str line, struct str rest) {
  struct fact want;
  if (!fact_parse(c->mem, rest, &want)) return bad(c, line, "cannot read");
  if (!count_matches(c, &want)) return;
  bad(c, line, "should not be there");
  show_same_kind(c, want.keyword);
}

static struct str singular(struct arena *mem, struct str w) {
  if (str_eqz(w, "duties") || str_eqz(w, "every")) return STR("every");
  if (str_ends(w, STR("ies"))) return str_join(mem, str_slice(w, 0, w.len - 3), STR("y"));
  return str_ends(w, STR("s")) ? str_slice(w, 0, w.len - 1) : w;
}

static void check_count(struct check *c, struct str line, struct str rest) {
  struct str word, number;
  int64_t n;
  if (!str_cut(str_trim(rest), STR(" "), &word, &number) || !str_to_int(str_trim(number), &n))
    return bad(c, line, "cannot read");
  const struct fact want = {.keyword = singular(c->mem, word)};
  if (count_matches(c, &want) == (size_t)n) return;
  bad(c, line, "other count");
  show_same_kind(c, want.keyword);
}

static bool number_overlaps(const struct plan *p, struct span at) {
  vec_each(struct document, d, &p->documents)
    vec_each(struct item, it, &d->items)
      vec_each(struct target, t, &it->targets)
        if (t->has_value && t->number_at.at < at.end && at.at < t->number_at.end) return true;
  return false;
}

static void check_not_target(struct check *c, struct str line, struct str rest) {
  const struct str words = str_trim(rest);
  if (words.len < 3 || words.at[0] != '"') return bad(c, line, "cannot read");
  const struct str inner = str_slice(words, 1, words.len - 1);
  size_t at = 0, found = 0;
  for (;;) {
    const size_t step = str_find(str_from(c->p.folded, at), inner);
    if (step == STR_NONE) break;
    at += step;
    found++;
    if (number_overlaps(&c->p, (struct span){(uint32_t)at, (uint32_t)(at + inner.len)})) {
      bad(c, line, "is taken as a target");
      return show_same_kind(c, STR("target"));
    }
    at += inner.len;
  }
  if (!found) bad(c, line, "words do not stand in the cleaned text");
}

static void check_fact(struct check *c, struct str line) {
  struct fact want;
  struct str head, rest;
  if (!str_cut(line, STR(" "), &head, &rest)) head = line, rest = (struct str){0};
  if (str_eqz(head, "no")) return check_none(c, line, rest);
  if (str_eqz(head, "count")) return check_count(c, line, rest);
  if (str_eqz(head, "not-target")) return check_not_target(c, line, rest);
  if (!fact_parse(c->mem, line, &want)) return bad(c, line, "cannot read");
  if (count_matches(c, &want)) return;
  bad(c, line, "missing");
  show_same_kind(c, want.keyword);
}

static void check_refusal(struct check *c, struct str line) {
  struct str head, key = {0};
  const bool expects = str_cut(line, STR(" "), &head, &key) ? str_eqz(head, "refused") : str_eqz(line, "refused");
  if (!expects) return bad(c, line, c->refused ? "was refused" : "missing");
  key = str_trim(key);
  if (!c->refused) return bad(c, line, "was not refused");
  if (key.len && !str_eqz(key, msg_key(c->e.msg))) {
    bad(c, line, "refused otherwise");
    buf_fmt(c->report, "#     found: %s\n", msg_key(c->e.msg));
  }
}

static void check_expect(struct check *c) {
  struct str rest = c->tc->block[BLOCK_EXPECT];
  while (rest.len) {
    const struct str line = str_trim(next_line(&rest));
    if (!line.len || line.at[0] == '#') continue;
    if (c->refused || str_starts(line, STR("refused"))) check_refusal(c, line);
    else check_fact(c, line);
  }
}

/* 2:14 warning [no-unit]; line and column may be left out */
static bool diag_matches(struct check *c, const struct diag *d, struct str line) {
  int at_line, at_column;
  plan_line_column(&c->p, d->at.at, &at_line, &at_column);
  const struct str tail = str_fmt(c->mem, "%s [%s]", severity_word(d->severity), diag_word(d->code));
  return str_eq(line, tail) || str_eq(line, str_fmt(c->mem, "%d:%d " STRF, at_line, at_column, STRA(tail)));
}

static void show_diags(struct check *c) {
  vec_each(struct diag, d, &c->p.diags) {
    int at_line, at_column;
    plan_line_column(&c->p, d->at.at, &at_line, &at_column);
    buf_fmt(c->report, "#     found: %d:%d %s [%s] " STRF "\n", at_line, at_column, severity_word(d->severity),
            diag_word(d->code), STRA(render_diag(c->mem, d, LANG_ZH)));
  }
}

static void check_diagnostics(struct check *c) {
  struct str rest = c->tc->block[BLOCK_DIAGNOSTICS];
  bool missed = false;
  while (rest.len) {
    const struct str line = str_trim(next_line(&rest));
    if (!line.len || line.at[0] == '#') continue;
    const bool none = str_starts(line, STR("no "));
    bool found = false;
    vec_each(struct diag, d, &c->p.diags)
      found |= none ? str_eqz(str_from(line, 3), diag_word(d->code)) : diag_matches(c, d, line);
    if (found == none) {
      bad(c, line, none ? "should not be there" : "missing");
      missed = true;
    }
  }
  if (missed) show_diags(c);
}

static void check_table(struct check *c) {
  struct str rest = c->tc->block[BLOCK_TABLE];
  if (!rest.len || c->refused) return;
  AUTO_BUF csv = BUF_MAX(PAGE_MAX);
  render_csv(&c->p, LANG_ZH, &csv);
  while (rest.len) {
    const struct str line = str_trim(next_line(&rest));
    if (line.len && str_find(buf_view(&csv), line) == STR_NONE) {
      bad(c, line, "not in the table");
      buf_fmt(c->report, "#     found: " STRF "\n", STRA(buf_view(&csv)));
    }
  }
}

static struct plan_options read_options(struct check *c, struct str *io_name) {
  struct plan_options o = {0};
  struct str rest = c->tc->block[BLOCK_OPTIONS];
  VEC(struct str) units = {0};
  while (rest.len) {
    struct str word, value;
    int64_t n;
    if (!str_cut(str_trim(next_line(&rest)), STR(" "), &word, &value)) continue;
    value = str_trim(value);
    if (str_eqz(word, "year") && str_to_int(value, &n)) o.year = (int)n;
    if (str_eqz(word, "unit")) vec_push(c->mem, &units) = value;
    if (str_eqz(word, "name")) *io_name = value;
  }
  o.units = units.at;
  o.unit_count = units.len;
  return o;
}

static void compile_case(struct check *c) {
  struct source *source = arena_new(c->mem, struct source);
  struct str name = STR("case.txt");
  const struct plan_options options = read_options(c, &name);
  c->refused = !source_open(c->mem, name, c->tc->block[BLOCK_INPUT], false, source, &c->e) ||
               !plan_compile(c->mem, source, &options, &c->p, &c->e);
  if (!c->refused) facts_of_plan(c->mem, &c->p, &c->have);
}

static void run_case(struct run *run, struct test_case *tc) {
  AUTO_ARENA mem = {0};
  AUTO_BUF report = BUF_MAX(1 << 20);
  struct check c = {.mem = &mem, .tc = tc, .report = &report};
  compile_case(&c);
  check_expect(&c);
  if (c.refused && tc->block[BLOCK_DIAGNOSTICS].len) bad(&c, tc->title, "was refused");
  else if (!c.refused) check_diagnostics(&c);
  check_table(&c);
  if (!str_trim(tc->block[BLOCK_EXPECT]).len && !str_trim(tc->block[BLOCK_DIAGNOSTICS]).len &&
      !tc->block[BLOCK_TABLE].len)
    bad(&c, tc->title, "expects nothing");
  run->count++;
  run->failed += report.len > 0;
  printf("%s %d - " STRF ":%d " STRF "\n", report.len ? "not ok" : "ok", run->count, STRA(file_base(tc->file)),
         tc->line, STRA(tc->title));
  if (report.len) {
    if (c.refused) printf("#   refused: " STRF "\n", STRA(err_says(&mem, LANG_ZH, &c.e)));
    printf(STRF, STRA(buf_view(&report)));
  }
}

static enum block block_of(struct str word) {
  for (int b = 1; b < BLOCK_COUNT; b++)
    if (str_eqz(word, block_words[b])) return (enum block)b;
  return BLOCK_NONE;
}

static void run_text(struct run *run, struct str file, struct str all) {
  struct test_case tc = {.file = file};
  enum block open = BLOCK_NONE;
  size_t from = 0;
  int line_no = 0;
  struct str rest = all;
  bool has_case = false;
  while (rest.len) {
    const size_t line_at = (size_t)(rest.at - all.at);
    const struct str line = next_line(&rest);
    line_no++;
    const bool is_title = str_starts(line, STR("=== ")), is_block = str_starts(line, STR("--- "));
    if (!is_title && !is_block) continue;
    if (open) tc.block[open] = str_slice(all, from, line_at);
    open = is_block ? block_of(str_trim(str_from(line, 4))) : BLOCK_NONE;
    from = rest.len ? (size_t)(rest.at - all.at) : all.len;
    if (is_block && !open) {
      printf("not ok %d - " STRF ":%d unknown block\n", ++run->count, STRA(file), line_no);
      run->failed++;
    }
    if (!is_title) continue;
    if (has_case) run_case(run, &tc);
    has_case = true;
    tc = (struct test_case){.file = file, .title = str_trim(str_from(line, 4)), .line = line_no};
  }
  if (open) tc.block[open] = str_from(all, from);
  if (has_case) run_case(run, &tc);
}

static bool run_file(struct run *run, struct str path, struct err *e) {
  AUTO_ARENA mem = {0};
  struct str text;
  TRY(file_read(&mem, path, YAML_FILE_MAX, &text, e));
  run_text(run, path, text);
  return true;
}

/* Case files below a folder, in order of their names. */
static bool run_path(struct run *run, const char *path, struct err *e) {
  AUTO_ARENA mem = {0};
  struct dirent **names;
  const int n = scandir(path, &names, NULL, alphasort);
  bool ok = true;
  if (n < 0) return run_file(run, str_of(path), e);
  for (int i = 0; i < n; i++) {
    const struct str name = str_of(names[i]->d_name), full = str_fmt(&mem, "%s/%s", path, names[i]->d_name);
    if (ok && names[i]->d_type == DT_DIR && name.at[0] != '.') ok = run_path(run, str_z(&mem, full), e);
    if (ok && str_ends(name, STR(".case"))) ok = run_file(run, full, e);
    free(names[i]);
  }
  free(names);
  return ok;
}

int main(int argc, char **argv) {
  AUTO_ARENA mem = {0};
  struct run run = {0};
  struct err e = {0};
  for (int i = 1; i < argc; i++)
    if (!run_path(&run, argv[i], &e)) {
      fprintf(stderr, STRF "\n", STRA(err_says(&mem, LANG_ZH, &e)));
      return 2;
    }
  printf("1..%d\n# %d passed, %d failed\n", run.count, run.count - run.failed, run.failed);
  return run.failed ? 1 : 0;
}
