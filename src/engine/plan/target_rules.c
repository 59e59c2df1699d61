/* The rules that tell targets from other numbers.
 *
 * An ordered table of named rules, each with an example: the first that applies to a quantity decides, and the last
 * takes what is left as a target. So the table is the answer to "why is this (not) a target"; its order is part of
 * it, names and dates first, then facts, then what describes or limits, at last what is in doubt. The words behind the
 * rules are data (rules/plan/words-numbers.yaml). */
#include "base/utf8.h"
#include "engine/plan/targets.h"

static bool tail_is(const struct look *l, const char *what) {
  return l->tail && str_eqz(lex_value(l->tail, LEX_number_tail), what);
}

/* “4个100%”, 《…三年行动计划》: a name holds the number. */
static bool in_quotes(const struct look *l) { return l->q->quoted; }
/* 2026年, 5届, 3号: says which. */
static bool is_ordinal(const struct look *l) { return l->q->kind == QUANTITY_ORDINAL; }
/* 二期工程, 新一轮: says which; 举办12期 and 不少于3轮 say how many. */
static bool is_edition(const struct look *l) {
  return l->q->kind == QUANTITY_EDITION && !l->bounded && (l->q->han || !l->near);
}
/* 60岁以上老年人: an age, unless it is what is reached. */
static bool is_age(const struct look *l) { return l->q->kind == QUANTITY_AGE && !l->exact; }
/* 第六批 前3名 每2年 满30年. */
static bool has_head(const struct look *l) { return l->b->head_end == l->q->at.at && l->b->head_at < l->b->head_end; }
/* 三全育人 五育 in the list of slogans; 六个一 五大行动 三个课堂 by what follows. */
static bool in_slogan(const struct look *l) {
  if (l->b->slogan_end > l->q->at.at) return true;
  if (lexicon_at(l->w->p->options.lexicon, l->w->p->folded, l->q->at.at, LEX_BIT(slogan))) return true;
  return l->q->han && !l->bounded && tail_is(l, "slogan");
}
/* 一、工作回顾: all numbers there are facts. */
static bool in_facts(const struct look *l) { return l->w->facts; }
/* 去年已建成20所. */
static bool is_past(const struct look *l) { return l->b->past; }
/* 依托12项课题, 充分发挥2所示范校作用: relied on. */
static bool is_existing(const struct look *l) { return l->b->existing_end && !l->b->existing_soft; }
static bool is_existing_soft(const struct look *l) { return l->b->existing_end && l->b->existing_soft; }
static bool noun_behind(const struct look *l) {
  const struct plan *p = l->w->p;
  return is_han(utf8_at(p->folded, l->q->whole.end)) &&
         !lexicon_at(p->options.lexicon, p->folded, l->q->whole.end,
                     LEX_VERBS | LEX_BIT(joiner) | LEX_BIT(making_word) | LEX_BIT(adverb));
}
/* The number opens its clause or member: nothing, or a joiner, stands before it. */
static bool at_start(const struct look *l) {
  const uint32_t clause = l->w->reading->clauses.at[l->q->clause].at.at;
  return l->q->at.at == clause || (l->b->joint_last.end && l->b->joint_last.end == l->q->at.at);
}
/* The measure ends in a word that counts people or classes. */
static bool counts_in(const struct look *l, const char *what) {
  const struct lex_word *w = lexicon_before(l->w->p->options.lexicon, l->q->unit, l->q->unit.len, LEX_BIT(unit_counts));
  return w && str_eqz(lex_value(w, LEX_unit_counts), what);
}
/* 56人以上大班额, 20人以下教学点, 500平方米以上场所: how large the things are that are meant. */
static bool is_sized(const struct look *l) {
  if (l->q->after != BOUND_GE && l->q->after != BOUND_LE) return false;
  if (l->q->kind == QUANTITY_MONEY || l->q->kind == QUANTITY_SIZE)
    return !l->near && is_han(utf8_at(l->w->p->folded, l->q->whole.end));
  return counts_in(l, "people") &&
         (tail_is(l, "sized") || tail_is(l, "set") || (!l->near && at_start(l) && noun_behind(l)));
}
/* 超过50人的班级, 1000人以上的学校配备2名: whom it concerns. */
static bool is_condition(const struct look *l) {
  if (is_sized(l)) return true;
  if (!tail_is(l, "attribute") || l->making) return false;
  if (l->q->kind == QUANTITY_SHARE) {
    const uint32_t c = utf8_at(l->w->p->folded, l->q->whole.end + l->tail->text.len);
    return l->bounded && (c == 0xFF0C || c == ',' || c == 0x3002);
  }
  return l->bounded || str_eqz(l->tail->text, "者");
}
/* 5个工作日内办结. */
static bool is_limit(const struct look *l) {
  return l->q->kind == QUANTITY_SPAN && (tail_is(l, "limit") || l->q->after == BOUND_LE);
}
/* 15分钟学习圈, 30天活动: a span without a bound names or measures something else. */
static bool is_standard(const struct look *l) {
  return tail_is(l, "standard") || (l->q->kind == QUANTITY_SPAN && !l->bounded && !l->b->every && !l->exact);
}
/* 每学期上1次, 每天1小时: the norm of a duty, unless a bound makes it an aim. */
static bool is_norm(const struct look *l) {
  if (l->bounded && l->bound != BOUND_ABOUT) return false;
  if (l->q->kind == QUANTITY_TIMES || l->q->kind == QUANTITY_SPAN || l->q->kind == QUANTITY_LESSON ||
      l->q->kind == QUANTITY_EDITION)
    return l->b->every != EVERY_NONE;
  return (l->b->every == EVERY_DAY || l->b->every == EVERY_WEEK) && l->q->kind == QUANTITY_COUNT;
}
/* 一个平台, 一批, 一支队伍: a bare one is an article, except for 新建一所学校. */
static bool is_article(const struct look *l) {
  if (l->bounded && l->b->every) return false;                /* 每月至少召开一次 */
  if (l->exact && l->q->kind == QUANTITY_SHARE) return false; /* 翻一番 */
  return l->q->one && !l->q->has_max && !(l->q->firm && l->making);
}
/* 推进三项改革, 五类人员: Chinese numerals without a bound or a verb of making are names of sets, unless large. */
static bool is_loose_numeral(const struct look *l) {
  if (!l->q->han || l->q->kind == QUANTITY_SHARE || l->bounded || l->q->has_max) return false;
  const bool large = dec_cmp(l->q->value, dec_int(100)) >= 0 || utf8_at(l->q->unit, 0) == 0x4E07; /* 万 */
  if (large && l->q->firm) return false; /* 两千三百名学生受益 */
  return !l->making && !(large && l->b->verb_groups & (LEX_BIT(verb_count) | LEX_BIT(making_word)));
}
/* 举办三场: a verb of holding, not of making. */
static bool is_event_numeral(const struct look *l) {
  return l->q->han && !l->bounded && !l->q->has_max && !(l->b->verb_groups & LEX_BIT(verb_count)) && !l->q->firm &&
         l->q->kind != QUANTITY_SHARE;
}
/* 班额45人以内: the size of a class is a norm of its own. */
static bool is_class_size(const struct look *l) {
  return l->b->level == LEVEL_EACH_CLASS && l->q->kind == QUANTITY_COUNT && !l->making;
}
/* 新增30个托班、70个社区托育点: goes on with what a sure target began. */
static bool goes_on(const struct look *l) {
  const size_t n = l->w->made.len;
  return n && !l->b->joint_verb && l->b->joint_first.end && l->w->made.at[n - 1].q.clause == l->q->clause &&
         l->w->counted_base <= n - 1 && !l->w->it->targets.at[n - 1].unsure;
}
/* 全市26个乡镇: the size of a set that is there. */
static bool is_set(const struct look *l) {
  if (goes_on(l) || l->b->strength == STRENGTH_STRIVE) return false; /* 力争3个县进入前列 */
  return tail_is(l, "set") && !(l->making && l->b->verb_groups & LEX_BIT(verb_count)) && l->q->kind == QUANTITY_COUNT;
}
/* 10公顷（约合150亩）: a measure said again in another unit. */
static bool is_restated(const struct look *l) {
  return l->q->depth && lexicon_before(l->w->p->options.lexicon, l->w->p->folded, l->q->at.at, LEX_BIT(equal_word));
}
/* 建设2个基地（1.2万平方米）: the same thing in other words. */
static bool is_equivalent(const struct look *l) {
  if (!l->q->depth || l->bounded || l->b->opens_end || l->b->joint_verb) return false;
  const size_t n = l->w->made.len;
  if (!n) return false;
  const struct quantity *before = &l->w->made.at[n - 1].q;
  return before->depth < l->q->depth && before->clause == l->q->clause && !str_eq(before->unit, l->q->unit);
}
/* 年输气量2亿方门站: a size between two nouns says how large the thing is; 新建2公里步道 makes it. */
static bool is_capacity(const struct look *l) {
  const struct plan *p = l->w->p;
  if (l->q->kind != QUANTITY_SIZE || l->near || l->bounded || l->exact || l->b->every || goes_on(l)) return false;
  return l->q->at.at >= 3 && is_han(utf8_at(p->folded, l->q->at.at - 3)) && !l->tail && noun_behind(l);
}
/* 新建一所36班小学: right behind another number, how many classes it has. */
static bool is_class_count(const struct look *l) {
  const struct walk *w = l->w;
  return counts_in(l, "classes") && w->made.len > w->counted_base &&
         w->made.at[w->made.len - 1].q.whole.end == l->q->at.at;
}
/* 新增5艘: a measure that is in no list counts only right behind a verb of making or a bound. */
static bool is_unlisted(const struct look *l) {
  return l->q->kind == QUANTITY_UNLISTED && !((l->b->verb_groups & LEX_BIT(verb_count)) && l->making);
}
static bool always(const struct look *l) { return l->q != NULL; }

static const struct target_rule rules[] = {
    {"quoted", in_quotes, VERDICT_NONE},
    {"ordinal", is_ordinal, VERDICT_NONE},
    {"edition", is_edition, VERDICT_NONE},
    {"age", is_age, VERDICT_NONE},
    {"which", has_head, VERDICT_NONE},
    {"slogan", in_slogan, VERDICT_NONE},
    {"section-of-facts", in_facts, VERDICT_NONE},
    {"past", is_past, VERDICT_NONE},
    {"existing", is_existing, VERDICT_NONE},
    {"condition", is_condition, VERDICT_NONE},
    {"limit", is_limit, VERDICT_NONE},
    {"standard", is_standard, VERDICT_NONE},
    {"restated", is_restated, VERDICT_NONE},
    {"norm", is_norm, VERDICT_UNSURE},
    {"article", is_article, VERDICT_NONE},
    {"loose-numeral", is_loose_numeral, VERDICT_NONE},
    {"event-numeral", is_event_numeral, VERDICT_UNSURE},
    {"unlisted", is_unlisted, VERDICT_NONE},
    {"class-size", is_class_size, VERDICT_UNSURE},
    {"set", is_set, VERDICT_UNSURE},
    {"existing-soft", is_existing_soft, VERDICT_UNSURE},
    {"equivalent", is_equivalent, VERDICT_UNSURE},
    {"capacity", is_capacity, VERDICT_UNSURE},
    {"class-count", is_class_count, VERDICT_UNSURE},
    {"aim", always, VERDICT_TARGET},
};

const struct target_rule *target_rule(const struct look *l) {
  const struct target_rule *r = rules;
  while (!r->applies(l)) r++;
  return r;
}
