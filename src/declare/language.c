/* The tables. The order of the keys is the order in which `gangmu system format` writes them. */
#include "declare/language.h"

#include "base/must.h"
#include "declare/system.h"

#define KEY(T, member, shp, ...) \
  { .name = #member, .shape = SHAPE_##shp, .at = offsetof(struct T, member), __VA_ARGS__ }
/* for members that may not bear the word itself in C */
#define KEY_AS(T, word, member, shp, ...) \
  { .name = word, .shape = SHAPE_##shp, .at = offsetof(struct T, member), __VA_ARGS__ }
#define NOT_YET(word) \
  { .name = word, .shape = SHAPE_LATER }
#define FLAG .words = "yes no"
#define PART(T, ...) \
  static const struct part T##_part = {.name = #T, .size = sizeof(struct T), PART_KEYS(T), __VA_ARGS__}
#define PART_KEYS(T) .keys = T##_keys, .count = COUNT_OF(T##_keys)
#define OF(T) .part = &T##_part

/* ---- small ones ---- */

static const struct key named_words_keys[] = {KEY(named_words, list, TEXT, .many = ONE_OR_LIST)};
PART(named_words, .brief = "list");
static const struct key named_expr_keys[] = {KEY(named_expr, value, EXPR)};
PART(named_expr, .brief = "value");
static const struct key named_text_keys[] = {KEY(named_text, text, TEXT)};
PART(named_text, .brief = "text");
static const struct key named_type_keys[] = {KEY(named_type, type, TYPE), KEY(named_type, label, LABEL)};
PART(named_type, .brief = "type");

/* ---- roles, lists, tables ---- */

static const struct key sees_keys[] = {
    KEY(sees, scope, CHOICE, .need = true, .words = "all below unit mine asked about none"),
    KEY(sees, where, EXPR),
};
PART(sees, .brief = "scope");
static const struct key role_keys[] = {
    KEY(role, label, LABEL, .need = true),
    KEY(role, at, NAME, .many = ONE_OR_LIST, .need = true),
    KEY(role, sees, PART, .many = MAP, OF(sees)),
};
PART(role);
static const struct key list_item_keys[] = {
    KEY(list_item, label, LABEL, .need = true),
    KEY(list_item, until, DATE),
};
PART(list_item, .brief = "label");
static const struct key list_keys[] = {
    KEY(list, label, LABEL, .need = true),
    KEY(list, ordered, CHOICE, FLAG),
    KEY(list, from, TEXT),
    KEY(list, items, PART, .many = MAP, OF(list_item), .most = 2000),
};
PART(list);
static const struct key table_row_keys[] = {KEY(table_row, cells, TEXT, .many = LIST)};
PART(table_row, .brief = "cells");
static const struct key table_version_keys[] = {
    KEY(table_version, since, DATE, .need = true),
    KEY(table_version, source, TEXT),
    KEY(table_version, file, TEXT),
    KEY(table_version, rows, PART, .many = LIST, OF(table_row), .most = 100000),
};
PART(table_version);
static const struct key table_keys[] = {
    KEY(table, label, LABEL, .need = true),
    KEY(table, kind, CHOICE, .words = "words"),
    KEY(table, key, PART, .many = MAP, OF(named_type)),
    KEY(table, gives, PART, .many = MAP, OF(named_type)),
    KEY(table, hit, CHOICE, .words = "one first all"),
    KEY(table, since, DATE),
    KEY(table, source, TEXT),
    KEY(table, from, TEXT),
    KEY(table, file, TEXT),
    KEY(table, rows, PART, .many = LIST, OF(table_row), .most = 100000),
    KEY(table, versions, PART, .many = LIST, OF(table_version), .most = 50),
};
PART(table);

/* ---- fields and checks ---- */

static const struct part field_part;
static const struct key field_keys[] = {
    KEY(field, is, TYPE, .need = true),
    KEY(field, label, LABEL, .need = true),
    KEY(field, need, CHOICE, FLAG),
    KEY_AS(field, "default", default_, EXPR),
    KEY(field, value, EXPR),
    KEY(field, once, CHOICE, FLAG),
    KEY(field, class, CHOICE, .words = "open inner personal sensitive sealed"),
    KEY(field, unique, CHOICE, FLAG),
    KEY(field, search, CHOICE, FLAG),
    KEY(field, as_of, CHOICE, FLAG),
    KEY(field, back, NAME),
    KEY(field, was, NAME),
    KEY(field, std, TEXT),
    KEY(field, help, TEXT),
    KEY(field, hint, TEXT),
    KEY(field, source, TEXT),
    KEY(field, most, NUMBER),
    KEY(field, key, NAME, .many = ONE_OR_LIST),
    KEY(field, fields, PART, .many = MAP, OF(field), .most = 30),
};
PART(field);
static const struct key check_keys[] = {
    KEY(check, id, NAME, .need = true),
    KEY(check, must, EXPR, .need = true),
    KEY(check, says, TEXT, .need = true),
    KEY(check, level, CHOICE, .words = "warn"),
    KEY(check, at, NAME),
    KEY(check, source, TEXT),
};
PART(check);

/* ---- effects ---- */

static const struct part effect_part;
static const struct key effect_set_row_keys[] = {
    KEY(effect_set_row, in, NAME, .need = true),
    KEY(effect_set_row, where, EXPR, .need = true),
    KEY(effect_set_row, set, PART, .many = MAP, OF(named_expr), .need = true),
};
PART(effect_set_row);
static const struct key effect_create_keys[] = {
    KEY(effect_create, record, PATH, .need = true),
    KEY(effect_create, act, NAME, .need = true),
    KEY(effect_create, with, PART, .many = MAP, OF(named_expr)),
};
PART(effect_create);
static const struct key effect_do_keys[] = {
    KEY(effect_do, act, NAME, .need = true),
    KEY(effect_do, on, EXPR, .need = true),
    KEY(effect_do, with, PART, .many = MAP, OF(named_expr)),
};
PART(effect_do);
static const struct key effect_each_keys[] = {
    KEY(effect_each, in, EXPR, .need = true),
    KEY(effect_each, as, NAME, .need = true),
    KEY(effect_each, batch, CHOICE, FLAG),
    KEY(effect_each, does, PART, .many = LIST, OF(effect), .most = 30, .need = true),
};
PART(effect_each);
static const struct key effect_open_keys[] = {KEY(effect_open, round, NAME, .need = true)};
PART(effect_open);
static const struct key effect_extend_keys[] = {
    KEY(effect_extend, clock, NAME, .need = true),
    KEY(effect_extend, by, EXPR),
    KEY(effect_extend, to, EXPR),
};
PART(effect_extend);
static const struct key effect_notify_keys[] = {
    KEY(effect_notify, to, TEXT, .many = ONE_OR_LIST, .need = true),
    KEY(effect_notify, text, TEXT, .need = true),
    KEY(effect_notify, by, CHOICE, .words = "phone"),
};
PART(effect_notify);
static const struct key effect_task_keys[] = {
    KEY(effect_task, title, TEXT, .need = true),
    KEY(effect_task, unit, EXPR, .need = true),
    KEY(effect_task, due, EXPR, .need = true),
    KEY(effect_task, kind, NAME),
    KEY(effect_task, source, EXPR),
    KEY(effect_task, follows, NAME),
    KEY(effect_task, into, NAME),
};
PART(effect_task);
static const struct key effect_merge_keys[] = {KEY(effect_merge, into, EXPR, .need = true)};
PART(effect_merge);
static const struct key effect_keys[] = {
    KEY(effect, when, EXPR),
    KEY(effect, set, PART, .many = MAP, OF(named_expr)),
    KEY(effect, set_row, PART, OF(effect_set_row)),
    KEY(effect, create, PART, OF(effect_create)),
    KEY_AS(effect, "do", do_, PART, OF(effect_do)),
    KEY(effect, each, PART, OF(effect_each)),
    KEY(effect, open, PART, OF(effect_open)),
    KEY(effect, extend, PART, OF(effect_extend)),
    KEY(effect, notify, PART, OF(effect_notify)),
    KEY(effect, task, PART, OF(effect_task)),
    KEY(effect, paper, NAME),
    KEY(effect, merge, PART, OF(effect_merge)),
    NOT_YET("post"),
    NOT_YET("hold"),
    NOT_YET("settle"),
    NOT_YET("free"),
    NOT_YET("run"),
    NOT_YET("reconcile"),
};
PART(effect);

/* ---- states, acts, rounds, clocks ---- */

static const struct key state_keys[] = {
    KEY(state, label, LABEL, .need = true),
    KEY(state, end, CHOICE, FLAG),
    KEY(state, frozen, CHOICE, FLAG),
    KEY(state, note, TEXT),
    KEY(state, enter, PART, .many = LIST, OF(effect), .most = 30),
};
PART(state, .brief = "label");
static const struct key act_case_keys[] = {
    KEY(act_case, when, EXPR),
    KEY(act_case, state, NAME, .need = true),
};
PART(act_case, .brief = "state");
static const struct key act_keys[] = {
    KEY(act, label, LABEL, .need = true),
    KEY(act, from, NAME, .many = ONE_OR_LIST, .need = true),
    KEY(act, to, PART, .many = ONE_OR_LIST, OF(act_case), .need = true),
    KEY(act, back, NAME, .many = ONE_OR_LIST),
    KEY(act, then, CHOICE, .words = "again resume"),
    KEY(act, who, TEXT, .many = LIST, .need = true),
    KEY(act, except, EXPR, .many = LIST),
    KEY(act, asks, NAME, .many = LIST, .most = 120),
    KEY(act, may, NAME, .many = LIST, .most = 120),
    KEY(act, takes, PART, .many = MAP, OF(named_type)),
    KEY(act, when, EXPR),
    KEY(act, says, TEXT),
    KEY(act, confirm, TEXT),
    KEY(act, bulk, CHOICE, FLAG),
    KEY(act, help, TEXT),
    KEY(act, does, PART, .many = LIST, OF(effect), .most = 30),
};
PART(act);
static const struct key round_add_keys[] = {
    KEY(round_add, who, TEXT, .many = LIST, .need = true),
    KEY(round_add, most, NUMBER, .need = true),
    KEY(round_add, where, NAME, .many = LIST),
};
PART(round_add);
static const struct key round_keys[] = {
    KEY(round, label, LABEL, .need = true),
    KEY(round, asks, EXPR, .need = true),
    KEY(round, as, NAME),
    KEY(round, answer, PART, .many = MAP, OF(field), .most = 30),
    NOT_YET("sheet"),
    KEY(round, order, CHOICE, .words = "together one_by_one"),
    KEY(round, done, EXPR, .need = true),
    KEY(round, fails, EXPR),
    KEY(round, limit, EXPR),
    KEY(round, silent, CHOICE, .words = "pass next stop"),
    KEY(round, blind, CHOICE, FLAG),
    KEY(round, add, PART, OF(round_add)),
    KEY(round, then, NAME),
    KEY_AS(round, "else", else_, NAME),
};
PART(round);
static const struct key clock_pauses_keys[] = {
    KEY(clock_pauses, in, NAME, .many = ONE_OR_LIST),
    KEY_AS(clock_pauses, "while", while_, EXPR),
    KEY(clock_pauses, most, DURATION),
    KEY(clock_pauses, times, NUMBER),
    KEY(clock_pauses, reason, NAME),
    KEY(clock_pauses, then, NAME),
};
PART(clock_pauses);
static const struct key clock_level_keys[] = {
    KEY(clock_level, at, TEXT, .need = true),
    KEY(clock_level, when, EXPR),
    KEY(clock_level, act, NAME),
    KEY(clock_level, does, PART, .many = LIST, OF(effect), .most = 30),
};
PART(clock_level);
static const struct key clock_keys[] = {
    KEY(clock, label, LABEL, .need = true),
    KEY(clock, starts, NAME, .many = ONE_OR_LIST, .need = true),
    KEY(clock, stops, NAME, .many = ONE_OR_LIST, .need = true),
    KEY(clock, limit, EXPR),
    KEY(clock, until, EXPR),
    KEY(clock, pauses, PART, OF(clock_pauses)),
    KEY(clock, restarts, CHOICE, .words = "full rest third"),
    KEY(clock, levels, PART, .many = LIST, OF(clock_level), .most = 8),
};
PART(clock);

/* ---- records ---- */

static const struct key exclusive_keys[] = {
    KEY(exclusive, key, NAME, .many = ONE_OR_LIST, .need = true),
    KEY(exclusive, during, NAME, .need = true),
};
PART(exclusive);
static const struct key duplicates_keys[] = {
    KEY(duplicates, window, DURATION, .need = true),
    KEY(duplicates, same, NAME, .many = ONE_OR_LIST),
    KEY(duplicates, like, NAME, .many = ONE_OR_LIST),
    KEY(duplicates, offers, NAME, .need = true),
};
PART(duplicates);
static const struct key views_keys[] = {
    KEY(views, list, EXPR, .many = LIST, .most = 30),
    KEY(views, board, NAME),
    KEY(views, calendar, NAME),
    KEY(views, map, NAME),
};
PART(views);
static const struct key record_keys[] = {
    KEY(record, label, LABEL, .need = true),
    KEY(record, number, TEXT),
    KEY(record, key, NAME, .many = ONE_OR_LIST),
    KEY(record, belongs, NAME),
    KEY(record, shared, NAME, .many = ONE_OR_LIST),
    KEY(record, about, NAME),
    KEY(record, versions, CHOICE, FLAG),
    KEY(record, most, NUMBER),
    KEY(record, keepers, NAME, .many = ONE_OR_LIST),
    KEY(record, fields, PART, .many = MAP, OF(field), .most = 120, .need = true),
    KEY(record, checks, PART, .many = LIST, OF(check)),
    KEY(record, states, PART, .many = MAP, OF(state), .most = 30),
    KEY(record, acts, PART, .many = MAP, OF(act), .most = 60),
    KEY(record, rounds, PART, .many = MAP, OF(round), .most = 8),
    KEY(record, clocks, PART, .many = MAP, OF(clock), .most = 12),
    KEY(record, exclusive, PART, .many = LIST, OF(exclusive)),
    KEY(record, duplicates, PART, OF(duplicates)),
    KEY(record, views, PART, OF(views)),
};
PART(record);

/* ---- around them ---- */

static const struct key measure_keys[] = {
    KEY(measure, label, LABEL, .need = true),
    KEY(measure, unit, TEXT),
    KEY(measure, of, NAME),
    KEY(measure, where, EXPR),
    KEY(measure, rows, NAME),
    KEY(measure, count, CHOICE, FLAG),
    KEY(measure, sum, EXPR),
    KEY(measure, distinct, EXPR),
    KEY(measure, mean, EXPR),
    KEY(measure, median, EXPR),
    KEY(measure, on, EXPR),
    KEY(measure, stock, CHOICE, FLAG),
    KEY(measure, at, PATH),
    KEY(measure, by, EXPR, .many = LIST),
    KEY(measure, value, EXPR),
};
PART(measure);
static const struct key message_field_keys[] = {
    KEY(message_field, is, TYPE),
    KEY(message_field, label, LABEL),
    KEY(message_field, need, CHOICE, FLAG),
    KEY(message_field, value, EXPR),
    NOT_YET("fields"),
    NOT_YET("most"),
};
PART(message_field, .brief = "value");
static const struct key message_keys[] = {
    KEY(message, label, LABEL, .need = true),
    KEY(message, way, CHOICE, .words = "in out ask answer", .need = true),
    KEY(message, from, TEXT),
    KEY(message, to, TEXT),
    KEY(message, of, NAME),
    KEY(message, on, NAME, .many = ONE_OR_LIST),
    KEY(message, when, EXPR),
    KEY(message, key, EXPR),
    KEY(message, form, CHOICE, .words = "file"),
    KEY(message, fields, PART, .many = MAP, OF(message_field), .most = 120),
    KEY(message, does, PART, .many = LIST, OF(effect), .most = 30),
    NOT_YET("asks"),
    NOT_YET("gives"),
    NOT_YET("answer"),
    NOT_YET("purpose"),
    NOT_YET("every"),
    NOT_YET("for"),
    NOT_YET("limit"),
};
PART(message);
static const struct key paper_keys[] = {
    KEY(paper, label, LABEL, .need = true),
    KEY(paper, of, NAME, .need = true),
    KEY_AS(paper, "template", template_, TEXT, .need = true),
    KEY(paper, form, CHOICE, .words = "gbt9704 certificate list plain"),
    KEY(paper, on, NAME, .many = ONE_OR_LIST),
    KEY(paper, who, TEXT, .many = LIST),
    KEY(paper, when, EXPR),
    KEY(paper, number, TEXT),
    KEY(paper, verify, CHOICE, FLAG),
};
PART(paper);
static const struct key form_limit_keys[] = {
    KEY(form_limit, each, NUMBER, .need = true),
    KEY(form_limit, per, CHOICE, .words = "hour day week month year", .need = true),
};
PART(form_limit);
static const struct key public_form_keys[] = {
    KEY(public_form, label, LABEL, .need = true),
    KEY(public_form, act, PATH, .need = true),
    KEY(public_form, identity, CHOICE, .words = "none sealed account once"),
    KEY(public_form, find_by, NAME, .many = LIST),
    KEY(public_form, fixed, PART, .many = MAP, OF(named_expr)),
    KEY(public_form, limit, PART, OF(form_limit)),
};
PART(public_form);
static const struct key public_page_keys[] = {
    KEY(public_page, label, LABEL, .need = true),
    KEY(public_page, of, NAME, .need = true),
    KEY(public_page, find_by, NAME, .many = LIST),
    KEY(public_page, where, EXPR),
    KEY(public_page, shows, EXPR, .many = LIST, .need = true),
    KEY(public_page, until, EXPR),
    NOT_YET("run"),
};
PART(public_page);
static const struct key public_part_keys[] = {
    KEY(public_part, forms, PART, .many = MAP, OF(public_form)),
    KEY(public_part, pages, PART, .many = MAP, OF(public_page)),
};
PART(public_part);
static const struct key opens_keys[] = {
    KEY(opens, to, NAME, .many = ONE_OR_LIST, .need = true),
    KEY(opens, purpose, NAME, .need = true),
};
PART(opens);
static const struct key opening_keys[] = {
    KEY(opening, label, LABEL, .need = true),
    KEY(opening, fields, PATH, .many = ONE_OR_LIST, .need = true),
    KEY(opening, who, TEXT, .many = LIST, .need = true),
    KEY(opening, purpose, NAME, .need = true),
    KEY(opening, when, EXPR),
    KEY(opening, keys, NUMBER),
    KEY(opening, tells, NAME, .many = ONE_OR_LIST),
};
PART(opening);
static const struct key consent_keys[] = {
    KEY(consent, record, NAME, .need = true),
    KEY(consent, given, NAME, .need = true),
    KEY(consent, covers, NAME, .many = ONE_OR_LIST, .need = true),
};
PART(consent);
static const struct key release_keys[] = {
    KEY(release, id, NAME, .need = true),
    KEY(release, from, TEXT, .need = true),
    KEY(release, to, TEXT, .need = true),
    KEY(release, why, TEXT, .need = true),
};
PART(release);
static const struct key keep_keys[] = {
    KEY_AS(keep, "for", for_, DURATION, .need = true),
    KEY(keep, after, NAME, .need = true),
    KEY(keep, then, CHOICE, .words = "delete archive", .need = true),
};
PART(keep, .free_names = true);
static const struct key privacy_keys[] = {
    KEY(privacy, rule, TEXT, .need = true),
    KEY(privacy, why, TEXT),
    KEY(privacy, compartment, NAME),
    KEY(privacy, purposes, PART, .many = MAP, OF(named_text)),
    KEY(privacy, cell, NUMBER),
    KEY(privacy, opens, PART, .many = MAP, OF(opens)),
    KEY(privacy, openings, PART, .many = MAP, OF(opening)),
    KEY(privacy, consent, PART, OF(consent)),
    KEY(privacy, releases, PART, .many = LIST, OF(release)),
    KEY(privacy, keep, PART, .many = MAP, OF(keep)),
    KEY(privacy, never, NAME, .many = LIST),
};
PART(privacy);
static const struct key offer_codes = KEY(offer_part, codes, PART, .many = MAP, OF(named_words));
static const struct part offer_part_part = {
    .name = "offer_part", .size = sizeof(struct offer_part), .whole = &offer_codes};
static const struct key offer_keys[] = {
    KEY(offer, measure, NAME, .need = true),
    KEY(offer, words, TEXT, .many = LIST, .need = true),
    KEY(offer, unit, TEXT),
    KEY(offer, parts, PART, .many = MAP, OF(offer_part)),
};
PART(offer);
static const struct key bulletin_keys[] = {
    KEY(bulletin, label, LABEL, .need = true),
    KEY(bulletin, of, NAME, .need = true),
    KEY(bulletin, where, EXPR, .need = true),
    KEY(bulletin, shows, EXPR, .many = LIST, .need = true),
};
PART(bulletin);
static const struct key ledger_keys[] = {
    KEY(ledger, offers, PART, .many = LIST, OF(offer)),
    KEY(ledger, bulletin, PART, .many = LIST, OF(bulletin)),
};
PART(ledger);
static const struct key menu_keys[] = {
    KEY(menu, group, LABEL, .need = true),
    KEY(menu, order, NUMBER),
};
PART(menu);
static const struct key uses_said = KEY(uses, said, YAML);
static const struct part uses_part = {.name = "uses", .size = sizeof(struct uses), .whole = &uses_said};

static const struct key system_keys[] = {
    KEY(system, gangmu, NUMBER, .need = true),
    KEY(system, system, NAME, .need = true),
    KEY(system, label, LABEL, .need = true),
    KEY(system, rows, TEXT, .many = LIST),
    KEY(system, version, NUMBER, .need = true),
    KEY(system, summary, TEXT),
    KEY(system, basis, TEXT, .many = LIST),
    KEY(system, uses, PART, .many = MAP, OF(uses)),
    KEY(system, menu, PART, OF(menu)),
    KEY(system, roles, PART, .many = MAP, OF(role), .need = true),
    KEY(system, lists, PART, .many = MAP, OF(list), .most = 60),
    KEY(system, tables, PART, .many = MAP, OF(table), .most = 60),
    NOT_YET("sheets"),
    KEY(system, records, PART, .many = MAP, OF(record), .most = 40, .need = true),
    NOT_YET("books"),
    NOT_YET("duties"),
    NOT_YET("watches"),
    NOT_YET("runs"),
    KEY(system, measures, PART, .many = MAP, OF(measure)),
    KEY(system, messages, PART, .many = MAP, OF(message)),
    KEY(system, papers, PART, .many = MAP, OF(paper)),
    KEY(system, public, PART, OF(public_part)),
    KEY(system, privacy, PART, OF(privacy), .need = true),
    KEY(system, ledger, PART, OF(ledger)),
};
const struct part language_system = {.name = "system", .size = sizeof(struct system), PART_KEYS(system)};

const struct key *language_key(const struct part *p, struct str name) {
  for (size_t i = 0; i < p->count; i++)
    if (str_eqz(name, p->keys[i].name)) return &p->keys[i];
  return NULL;
}

size_t key_size(const struct key *k) {
  switch (k->shape) {
    case SHAPE_NUMBER: return sizeof(struct number_word);
    case SHAPE_CHOICE: return sizeof(struct choice_word);
    case SHAPE_EXPR: return sizeof(struct expr_word);
    case SHAPE_TYPE: return sizeof(struct type_said);
    case SHAPE_PART: return k->part->size;
    default: return sizeof(struct word);
  }
}
