/* The words the compiler knows. rules/plan/words.yaml holds groups of words (with a comment on each group);
 * they are compiled into the program and a user can add to them with files of the same form (--rules DIR).
 * The words of the groups that are walked are found in one pass: a trie over characters (Fredkin 1960; one array cell
 * for the first character). */
#ifndef ENGINE_PLAN_LEXICON_H
#define ENGINE_PLAN_LEXICON_H
#include "base/err.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "engine/plan/signs.h"

/* Groups: name in the yaml, one bit each. A group named here must stand in the yaml, and the reverse. */
#define LEX_GROUPS(X)                                                                                                   \
  /* verbs by class (catalogue 4.3) */                                                                                  \
  X(verb_document) /* 出台 印发 制定 修订 研制 拟订 起草 编制 */                                        \
  X(verb_draft)    /* of these: 研制 拟订 研究起草 探索制定: a draft is enough */                           \
  X(verb_issue)    /* of these: 印发 出台 发布: must be issued */                                                 \
  X(verb_count)    /* 新增 新建 改扩建 竣工 评选 遴选 认定 培育 打造 建设 */                       \
  X(verb_state)    /* 达标 实现 达到 消除 覆盖 */                                                             \
  X(verb_event)    /* 召开 举办 组织 开展 承办 */                                                             \
  X(verb_soft)     /* 推进 深化 加强 完善 优化 健全 */                                                      \
  X(verb_basis)    /* 落实 贯彻 按照 根据 依据 对照 */                                                      \
  X(verb_start)    /* 启动 试点 筹备 */                                                                           \
  X(verb_use)      /* 使用 执行 实施 学习 宣传: on an existing document */                                    \
  X(verb_carry)    /* 实施 落实: what is done with a document once it is made */                                    \
  X(verb_shape)    /* 完善 健全 建立: makes a document when that is its direct object */                          \
  X(adverb)        /* 深入 全面 切实 扎实 持续 进一步: may stand before a verb */                          \
  X(soften)        /* 力争 努力 争取 力求 */                                                                    \
  X(encourage)     /* 鼓励 支持 引导 */                                                                           \
  X(explore)       /* 探索 谋划 研究 试行 */                                                                    \
  /* numbers */                                                                                                         \
  X(measure_word) /* 所 个 名 人 项 家 次 间 节 期 % 万 元 */                                               \
  X(bound_ge) X(bound_le) X(bound_about) X(bound_exact) X(bound_after_ge) X(bound_after_le) X(bound_after_about)        \
      X(level)                /* 全市 全区 每区 每校 各县(市、区) */                                       \
      X(existing)             /* 充分发挥 依托 现有 已有 已建: what follows merely exists */                \
      X(universal)            /* 全覆盖 全部 均 每个 所有 100% */                                             \
      X(compare_word)         /* 不低于 高于 只增不减 */                                                       \
      X(part_word)            /* 其中 包括 分别 */                                                                \
      X(soft_target)          /* 明显提高 稳步提升 大幅 显著: a target without measure */                   \
      X(number_head)          /* 第 前 每: what a number right behind it is not */                                   \
      X(number_tail)          /* 内 圈 的 者: what a quantity right before it is not */                             \
      X(past_word)            /* 已 去年 截至: a fact, not an aim */                                               \
      X(present_word)         /* 今年 计划 力争: ends the reach of a past word */                                 \
      X(past_section)         /* 工作回顾 发展基础: a section of facts */                                       \
      X(compare_from)         /* 比 较: before a year of the past, which is then no fact */                           \
      X(making_word)          /* 投放 种植 整治: the number behind it is an amount to be reached */               \
      X(compare_tail)         /* 基础上 同期: behind what is compared with */                                      \
      X(from_word) X(to_word) /* 从300元提高至650元 */                                                            \
      X(joiner)               /* 、 和 及 以及: between members of an enumeration */                               \
      X(rate_word)            /* 率 比例 占比: says itself what it is a share of */                                \
      X(noun_end)             /* 率 生 金: a verb before it is the start of a noun */                                \
      X(date_tail) /* 底前 上旬 份: behind a date */ /* units */                                                        \
      X(unit_suffix)                                 /* 处 科 室 局 委 办 中心 厅 学院 大学 */             \
      X(unit_place)  /* of these: 县 区 市 乡 镇: offices only in a list of offices */                             \
      X(unit_strong) /* of these: 局 委 厅 处: known in running text too */                                         \
      X(unit_inner)  /* of these: 处 科 室: the name before it may hold a 、 */                                     \
      X(unit_class)  /* 部门 单位: behind 等 at the end of a list of offices */                                    \
      X(unit_word)   /* 各区 市政府 各学校 有关部门: whole names without suffix */                          \
      X(role_lead) X(role_assist) X(role_guide) X(role_any) /* words of labels */                                       \
      X(role_skip)   /* 责任领导 完成时限: words of labels whose value is no office */                          \
      X(role_manner) /* 按职责分工 共同: between the offices and the word of the role */                         \
      X(role_first)  /* 第一位 首位: of a rule by which the first of a list leads */                               \
      X(role_verb_assist) X(role_verb_guide) X(role_verb_joint) /* 配合 指导 会同 in the text */                  \
      X(role_verb_loose) /* of these: 协同: also begins names of offices, so not in labels */ /* names and documents */ \
      X(name_head) /* 计划 工程 行动 项目 平台: makes the quoted words before it a name */                    \
      X(name_platform) X(name_event) X(name_honour) X(name_mode) /* of these: the kind of name */                       \
      X(name_stop)        /* 要求 作用 旗帜: behind quoted words that are no name */                              \
      X(slogan)           /* 四个意识 双减 十四五: quoted, but no name */                                      \
      X(document_head)    /* 办法 意见 方案 规划 细则 清单 标准 */                                        \
      X(document_tail)    /* 实施方案 具体举措: behind 》: what is made is not the 《》 */                   \
      X(document_made_as) /* 手册 专题片: behind 》: the kind of thing that the 《》 is */                      \
      X(not_document) /* 读本 报 周刊: 《》 that is no deliverable */ /* times */                                       \
      X(time_word) /* 年内 全年 年底前 每月 每学期 */                 /* page and document */                           \
      X(furniture)                                                    /* words of page furniture */                     \
      X(closing_word) /* 附件 抄送 印发 at the end */                 /* structure */                                   \
      X(label_end)   /* 负责 牵头 分工负责: ends （A、B负责） */                                           \
      X(title_end)   /* 工作要点 实施方案 任务分解表: ends a title; value yearly = a plan for one year */  \
      X(notice_word) /* 印发 转发: 关于印发《…》的通知 covers another document */                        \
      X(table_head)  /* 序号 重点任务 责任单位: head of a column; the value is its role */                    \
      X(front_meta)  /* 索引号 发文机关: key of a page's index block; the value is what it names */              \
      X(rule_word)   /* 列第一位 排名第一: a rule for the whole text */                                         \
      X(closing_phrase) /* 努力奋斗 特此通知: the paragraph closes the document */                              \
      X(year_anchor)    /* 教师节: 1984 — 第N个 of it falls in the year 1984 + N */                              \
      X(quantity_tail)  /* 万 亿 %: digits before it are a quantity, not an item's number */                          \
      X(place_head)     /* 中共 省 市: the name of an authority begins */                                           \
      X(number_name)    /* 工程 人才: right behind a number, it is a piece of a name */                             \
      X(equal_word)     /* 约合 相当于: the same amount in another unit */                                         \
      X(condition_tail) /* 的全部 的一律: behind a comparison, it says whom it concerns */                        \
      X(list_link)      /* 、 和 与 及其: between the members of a list of names or documents */                   \
      X(list_opens)     /* 包括 如: a list follows */                                                                \
      X(verb_filler)    /* 进行 予以 加以: between a document and what is done to it */                           \
      X(work_word)      /* 工作 任务: ends a phrase behind a noun */                                                \
      X(act_word)       /* 法: ends the title of an act */                                                             \
      X(frame_word)     /* 据 作为 纳入: what follows is a frame, not an object */                                 \
      X(object_word)    /* 对 将 把: before an object that its verb follows */                                       \
      X(office_tail)    /* 等 对 就: behind the name of an office in running text */                                 \
      X(unit_below)     /* 街道 社区: endings of places below the office's own */                                   \
      X(level_tail)     /* 直 级 属: behind 市 or 县, the office's own level */                                    \
      X(unit_link)      /* 和 会同: between two offices */                                                           \
      X(year_tail)      /* 是 全 度: behind the year that a preamble speaks of */                                    \
      X(role_line)      /* of role_skip: 责任人 完成时限: may open a line of their own */                        \
      X(front_word)     /* 关于 给你们 附件: words of titles and notices; the value is what they tell */         \
      X(handed_tail)    /* 已 予: behind the 》 of what a notice hands out */                                        \
      X(year_word)      /* 开局之年 周年 面向: around a year; the value is what they tell */                    \
      X(deed_word)      /* 新 好 以来: at a verb of making; the value is what they tell */                          \
      X(unit_generic)   /* 各 有关: before offices named by class only */                                            \
      X(unit_joined)    /* 市 县 区: begins a place that shares its 各 with the one before it */                    \
      X(not_etc)        /* 高等 中等: end in 等 and leave nothing out */                                           \
      X(unit_counts)    /* 人 户 班: endings of measures by what they count */                                       \
      X(date_unit)      /* 年 学年 月 日: measures that are parts of a date */                                     \
      X(cell_time)      /* 长期 季度: of a cell of times; the value is where they stand */                          \
      X(question_word)  /* 吗 何: a ? behind them is one */                                                           \
      X(common)         /* the field's common words, for repair */

enum lex_group {
#define X(name) LEX_##name,
  LEX_GROUPS(X)
#undef X
      LEX_GROUP_COUNT
};
/* A set of groups, one bit each. */
__extension__ typedef unsigned __int128 lex_bits;
#define LEX_BIT(name) ((lex_bits)1 << LEX_##name)

/* The groups that passes look for from hit to hit: the scan finds their words and no others, which would only be passed
 * over. A word of another group is asked for at its place (lexicon_at, lexicon_before). */
#define LEX_WALKED                                                                                                 \
  (LEX_BIT(verb_document) | LEX_BIT(verb_count) | LEX_BIT(verb_state) | LEX_BIT(verb_event) | LEX_BIT(verb_soft) | \
   LEX_BIT(verb_basis) | LEX_BIT(verb_start) | LEX_BIT(verb_use) | LEX_BIT(verb_issue) | LEX_BIT(verb_shape) |     \
   LEX_BIT(adverb) | LEX_BIT(soften) | LEX_BIT(encourage) | LEX_BIT(explore) | LEX_BIT(making_word) |              \
   LEX_BIT(bound_ge) | LEX_BIT(bound_le) | LEX_BIT(bound_about) | LEX_BIT(bound_exact) | LEX_BIT(level) |          \
   LEX_BIT(existing) | LEX_BIT(universal) | LEX_BIT(compare_word) | LEX_BIT(compare_from) | LEX_BIT(part_word) |   \
   LEX_BIT(joiner) | LEX_BIT(soft_target) | LEX_BIT(number_head) | LEX_BIT(past_word) | LEX_BIT(present_word) |    \
   LEX_BIT(time_word) | LEX_BIT(from_word) | LEX_BIT(to_word) | LEX_BIT(slogan) | LEX_BIT(rule_word) |             \
   LEX_BIT(closing_phrase) | LEX_BIT(role_first) | LEX_BIT(role_lead) | LEX_BIT(role_verb_joint) |                 \
   LEX_BIT(role_verb_assist) | LEX_BIT(role_verb_guide) | LEX_BIT(year_word) | LEX_BIT(year_anchor) |              \
   LEX_BIT(document_head) | LEX_BIT(document_tail) | LEX_BIT(document_made_as))

/* The value that one group gives a word. */
struct lex_value {
  enum lex_group group;
  struct str text;
  const struct lex_value *next;
};
struct lex_word {
  struct str text;
  lex_bits groups;
  int64_t number;   /* a value some groups give in the yaml (`word: number`), else 0 */
  struct str value; /* or text; a word of several groups may have one for each: lex_value */
  const struct lex_value *values;
};
enum { WORD_BYTES_MAX = 96 }; /* longer ones are refused */
struct lex_hit {
  uint32_t at;
  uint16_t len;  /* bytes */
  uint16_t word; /* index into words */
};
struct lexicon; /* begins with a struct lexicon_top */
struct lexicon_top {
  const lex_bits *groups; /* of every word, side by side: what most walks over hits look at */
  /* Of the words read forwards, and backwards: which character of the basic plane they begin with, and the groups of all
   * that begin with it. Most places are turned away by these. */
  const uint16_t *rank[2];
  const lex_bits *through[2];
};
static inline lex_bits lexicon_groups(const struct lexicon *lx, uint16_t word) {
  return ((const struct lexicon_top *)(const void *)lx)->groups[word];
}

/* Is the word of a hit in one of the groups? They are constants, and a group that is not walked does not compile. */
#define lexicon_hit_in(lx, word, wanted) \
  ((lexicon_groups(lx, word) & ((wanted) * sizeof(char[((wanted) & ~LEX_WALKED) ? -1 : 1]))) != 0)

/* Builds from the yaml texts, in order; later files add. All of it lives in mem and is read-only afterwards
 * (safe to share among threads). */
MUST_CHECK bool lexicon_build(struct arena *mem, const struct str *names, const struct str *texts, size_t n,
                              const struct lexicon **out, struct err *e);
/* The lexicon that is compiled into the program, built once. */
const struct lexicon *lexicon_default(void);
const struct lex_word *lexicon_word(const struct lexicon *lx, uint16_t word);
/* The value that the group gives the word; empty when none. */
static inline struct str lex_value(const struct lex_word *w, enum lex_group group) {
  for (const struct lex_value *v = w->values; v; v = v->next)
    if (v->group == group) return v->text;
  return (struct str){0};
}
size_t lexicon_word_count(const struct lexicon *lx);
/* Every occurrence of every word of the walked groups in valid UTF-8, sorted by place, longer first at one place;
 * overlaps included. In the same pass all signs, to be written to zeroed `signs`. */
typedef struct {
  struct lex_hit *at; /* as a VEC */
  size_t len, cap;
  uint32_t *marks; /* index of lex_first */
  size_t mark_count;
} lex_hits;
void lexicon_scan(struct arena *mem, const struct lexicon *lx, struct str text, lex_hits *out, struct signs *signs);
/* Can a word of the groups begin with the character, or, read backwards, end with it? */
static inline bool lexicon_may(const struct lexicon *lx, bool back, uint32_t c, lex_bits groups) {
  const struct lexicon_top *top = (const struct lexicon_top *)(const void *)lx;
  return c >= 0x10000 || (top->through[back][top->rank[back][c]] & groups) != 0;
}
/* The same two, walked. */
const struct lex_word *lexicon_longest_at(const struct lexicon *lx, struct str text, size_t at, lex_bits groups);
const struct lex_word *lexicon_longest_before(const struct lexicon *lx, struct str text, size_t end, lex_bits groups);
/* The longest word of the wanted groups that starts at text[at]; NULL when none. */
static inline const struct lex_word *lexicon_at(const struct lexicon *lx, struct str text, size_t at, lex_bits groups) {
  if (at >= text.len || !lexicon_may(lx, false, utf8_at(text, at), groups)) return NULL;
  return lexicon_longest_at(lx, text, at, groups);
}
/* The longest word of the wanted groups that ends at text[end]. */
static inline const struct lex_word *lexicon_before(const struct lexicon *lx, struct str text, size_t end,
                                                    lex_bits groups) {
  if (end == 0 || !lexicon_may(lx, true, utf8_at(text, utf8_back(text, end)), groups)) return NULL;
  return lexicon_longest_before(lx, text, end, groups);
}
/* Index of the first hit with at >= place. */
size_t lex_first(const lex_hits *hits, uint32_t place);
#endif
