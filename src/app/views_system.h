/* What the pages of systems at work show. As in views.h: a template only places things. */
#ifndef APP_VIEWS_SYSTEM_H
#define APP_VIEWS_SYSTEM_H
#include "app/views.h"

/* ---- a form ---- */

struct view_sfield;
struct view_srow { /* of a small table inside the form */
  VEC(struct view_sfield) cells;
  struct str drop; /* value of the button that takes it out */
};
struct view_sfield { /* one input of an act */
  struct str name, id, label, help, source, unit, value, value2, error, described, drop;
  struct str id2, label2; /* of the end of a span */
  struct str at_name, at; /* of a place: degrees, behind its words */
  const char *css;
  view_options options;
  VEC(struct view_option) files; /* that were sent already */
  VEC(struct str) heads;
  VEC(struct view_srow) rows;
  struct str add, list;
  bool is_optional, is_area, is_select, is_checks, is_radio, is_files, is_rows, is_span, is_number, is_day, is_many,
      is_place;
};
typedef VEC(struct view_sfield) view_sfields;
struct view_system_form {
  enum lang lang;
  struct view_frame f;
  struct str title, about, action, rev, key, back, back_label, system, system_href, verb, help, confirm, refusal, hint,
      drafted;
  view_links errors;        /* to the fields */
  VEC(struct str) warnings; /* to be confirmed */
  view_options backs;       /* states to return to */
  VEC(struct view_sfield) fields;
  VEC(struct view_slist) lists; /* what pickers offer */
  view_links alike;             /* records that may be the same; sent again it goes through */
  struct str after;             /* what state it leads to */
  bool has_no_draft, has_rows;
};
struct view_slist {
  struct str id;
  VEC(struct str) words;
};

/* ---- what people follow ---- */

struct view_follow {
  struct str href, label, about, state, record, id; /* record: system.record, or view */
  bool tells, is_view, is_followed;
};
typedef VEC(struct view_follow) view_follows;
struct view_follow_page {
  enum lang lang;
  struct view_frame f;
  struct str title, said;
  view_follows rows, views; /* views: one's own that are not followed */
};

/* ---- a record ---- */

struct view_svalue {
  struct str label, text, words; /* words: a text as it was written, in the typeface of documents */
  view_links links;              /* references, files */
  VEC(struct str) heads;         /* of rows */
  VEC(struct view_line) lines;
};
struct view_line {
  VEC(struct str) cells;
};
struct view_sgroup {
  struct str title;
  VEC(struct view_svalue) values;
};
struct view_sclock {
  struct str label, says, due, used, css, bar_css; /* css: of its lamp; says: left, or over */
  int bar;                                         /* 0..100 */
  bool has_bar;
};
struct view_srung { /* what a clock does at a moment */
  struct str when, what;
  bool is_past;
};
struct view_sset { /* records that refer to this one */
  struct str title;
  view_links links;
};
struct view_sstep {
  struct str label;
  bool is_now, is_done;
};
struct view_sdeed {
  int64_t seq; /* of its event: by it they stand in order */
  struct str when, who, what, moved, detail;
};
struct view_sparty {                               /* of a round */
  struct str who, says, css, due, when, by, added; /* css: of its lamp; added: by whom it was added */
  VEC(struct view_svalue) values;
  bool is_mine, is_hidden; /* hidden: it answered, and nobody is shown what before the end */
};
struct view_sround {
  struct str id, label, says, answer_href, add_href; /* addresses empty: not by whoever looks */
  VEC(struct view_sparty) parties;
  bool is_open, has_answered;
};
struct view_spaper {
  struct str label, about, pdf, docx, verify; /* pdf empty: it may not be read */
};
struct view_system_record {
  enum lang lang;
  struct view_frame f;
  struct str title, about, said, list_href, list_label, system, system_href, state, rev;
  view_links acts, main_acts;
  VEC(struct view_svalue) cannot, texts, facts, tables;
  VEC(struct view_sclock) clocks, stopped;
  VEC(struct view_srung) ladder;
  VEC(struct view_sset) sets;
  VEC(struct view_sstep) steps;
  VEC(struct view_sdeed) deeds;
  view_links openings;
  VEC(struct view_sround) rounds;
  VEC(struct view_spaper) papers;
  view_links prints;         /* that may be made now: their addresses take a form */
  view_links alike;          /* records that may be about the same */
  view_links origins;        /* places of plans it comes from; count: the words */
  struct view_follow follow; /* record empty: nobody who could follow it */
};

/* ---- an opening of sealed fields ---- */

struct view_system_opening {
  enum lang lang;
  struct view_frame f;
  struct str title, action, system, system_href, back, back_label, fields, purpose, reason, refusal, waits;
  bool is_two_keys, is_told;
  VEC(struct view_svalue) values; /* none: the reason is asked for */
};

/* ---- lists and homes ---- */

struct view_sdue {                                       /* something that is due, or over */
  struct str href, title, about, lamp, head, days, tail; /* 超 12 天 */
};
struct view_system_home {
  enum lang lang;
  struct view_frame f;
  struct str title, says, lead, over, soon, help_href, package_href, q, all_href, basis;
  bool is_one; /* of one system: its records; else all systems */
  VEC(struct view_sgroup_links) groups;
  view_links acts, sheets, more;
  view_follows follows;
  VEC(struct view_sdue) overdue, due;
};
struct view_sgroup_links {
  struct str title;
  VEC(struct view_sentry) entries;
};
struct view_sentry {
  struct str href, label, says, open, over; /* numbers; empty: nothing of the kind */
};
#endif
