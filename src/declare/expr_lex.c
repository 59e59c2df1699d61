/* Words of an expression. Names are ASCII, so that a word with other letters can only be a unit behind a number; signs
 * from other languages and from a Chinese keyboard are told what to write instead. */
#include "declare/expr_lex.h"
#include "base/utf8.h"
#include "texts.h"

static const struct str words[WORD_COUNT] = {
#define X(word) STR_INIT(#word),
    EXPR_WORDS(X)
#undef X
};

/* Signs that people try: the longer before the shorter. */
static const struct {
  struct str wrong, right;
} signs[] = {
    {STR_INIT("=="), STR_INIT("=")},  {STR_INIT("<>"), STR_INIT("!=")},  {STR_INIT("=<"), STR_INIT("<=")},
    {STR_INIT("=>"), STR_INIT(">=")}, {STR_INIT("&&"), STR_INIT("and")}, {STR_INIT("||"), STR_INIT("or")},
    {STR_INIT("&"), STR_INIT("and")}, {STR_INIT("|"), STR_INIT("or")},   {STR_INIT("!"), STR_INIT("not")},
    {STR_INIT("["), STR_INIT("(")},   {STR_INIT("]"), STR_INIT(")")},    {STR_INIT("{"), STR_INIT("(")},
    {STR_INIT("}"), STR_INIT(")")},   {STR_INIT("（"), STR_INIT("(")},   {STR_INIT("）"), STR_INIT(")")},
    {STR_INIT("，"), STR_INIT(",")},  {STR_INIT("、"), STR_INIT(",")},   {STR_INIT("＝"), STR_INIT("=")},
    {STR_INIT("≠"), STR_INIT("!=")},  {STR_INIT("≤"), STR_INIT("<=")},   {STR_INIT("≥"), STR_INIT(">=")},
    {STR_INIT("＜"), STR_INIT("<")},  {STR_INIT("＞"), STR_INIT(">")},   {STR_INIT("＋"), STR_INIT("+")},
    {STR_INIT("－"), STR_INIT("-")},  {STR_INIT("−"), STR_INIT("-")},    {STR_INIT("×"), STR_INIT("*")},
    {STR_INIT("÷"), STR_INIT("/")},   {STR_INIT("％"), STR_INIT("%")},   {STR_INIT("“"), STR_INIT("'")},
    {STR_INIT("”"), STR_INIT("'")},   {STR_INIT("‘"), STR_INIT("'")},    {STR_INIT("’"), STR_INIT("'")},
    {STR_INIT("。"), STR_INIT(".")},  {STR_INIT("："), STR_INIT(":")},   {STR_INIT("\xE3\x80\x80"), STR_INIT("\" \"")},
};

bool expr_refuse(struct expr_fault *f, int msg, int from, int to, const char *hole, struct str value) {
  *f = (struct expr_fault){.msg = msg, .from = from, .to = to};
  if (*hole) f->args[f->arg_count++] = (struct msg_arg){hole, value};
  return false;
}
static bool refuse(const struct lexer *l, int msg, size_t from, size_t to, const char *hole) {
  return expr_refuse(l->fault, msg, (int)from, (int)to, hole, str_slice(l->source, from, to));
}

static bool is_digit_at(struct str s, size_t i) { return i < s.len && s.at[i] >= '0' && s.at[i] <= '9'; }
static bool is_letter_at(struct str s, size_t i) {
  return i < s.len && ((s.at[i] >= 'a' && s.at[i] <= 'z') || (s.at[i] >= 'A' && s.at[i] <= 'Z') || s.at[i] == '_');
}
static size_t digits_end(struct str s, size_t i) {
  while (is_digit_at(s, i)) i++;
  return i;
}
static size_t name_end(struct str s, size_t i) {
  while (is_letter_at(s, i) || is_digit_at(s, i)) i++;
  return i;
}
static size_t blanks_end(struct str s, size_t i) {
  while (i < s.len && s.at[i] == ' ') i++;
  return i;
}

/* A letter of a unit beyond ASCII: Han, the small 2 and 3, the degree, the per mille. */
static bool is_unit_letter(uint32_t c) {
  return is_han(c) || c == 0xB2 || c == 0xB3 || c == 0xB0 || c == 0x2030 || c == 0x2103;
}
static size_t unit_word_end(struct str s, size_t i) {
  for (size_t next = i; i < s.len; i = next) {
    const bool is_ascii = (unsigned char)s.at[i] < 0x80;
    next = i;
    if (is_ascii ? !is_letter_at(s, next++) : !is_unit_letter(utf8_next(s, &next))) return i;
  }
  return i;
}

static bool reserved_at(struct str word, enum expr_word *out) {
  for (size_t i = 0; i < WORD_COUNT; i++)
    if (str_eq(word, words[i])) {
      *out = (enum expr_word)i;
      return true;
    }
  return false;
}
bool expr_reserved(struct str word) {
  enum expr_word w;
  return reserved_at(word, &w);
}

/* `元/kg`: the second word belongs to the unit if it stands right behind the stroke and nothing is called or entered. */
static size_t compound_end(struct str s, size_t end) {
  while (end < s.len && s.at[end] == '/') {
    const size_t next = unit_word_end(s, end + 1);
    const bool is_more = next > end + 1 && !is_digit_at(s, next) && (next == s.len || !strchr("(.", s.at[next]));
    if (!is_more) return end;
    end = next;
  }
  return end;
}

/* What may stand behind a number is a unit or a reserved word. */
static void lex_unit(struct lexer *l, struct token *t) {
  const struct str s = l->source;
  const size_t from = blanks_end(s, l->at);
  size_t end = from < s.len && s.at[from] == '%' ? from + 1 : unit_word_end(s, from);
  if (end == from || expr_reserved(str_slice(s, from, end))) return;
  if (s.at[from] != '%') end = compound_end(s, end);
  t->unit = str_slice(s, from, end);
  t->to = (int)(l->at = end);
}

static bool lex_date(struct lexer *l, struct token *t) {
  const struct str s = l->source, text = str_slice(s, l->at, l->at + 10);
  t->kind = TOKEN_DATE;
  t->to = (int)(l->at + 10);
  if (is_digit_at(s, l->at + 10) || !date_parse(text, 0, &t->date))
    return refuse(l, MSG_expr_date, l->at, name_end(s, l->at + 10), "text");
  l->at += 10;
  return true;
}
static bool is_date_at(struct str s, size_t i) {
  return digits_end(s, i) == i + 4 && i + 10 <= s.len && s.at[i + 4] == '-' && digits_end(s, i + 5) == i + 7 &&
         s.at[i + 7] == '-' && digits_end(s, i + 8) >= i + 10;
}

/* Where what was meant as one number ends, for the place of a fault: 1e3, 1_000, 1.2.3 */
static size_t number_like_end(struct str s, size_t i) {
  for (;;) {
    const size_t from = i;
    i = name_end(s, i);
    if (i < s.len && s.at[i] == '.' && is_digit_at(s, i + 1)) i++;
    if (i == from) return i;
  }
}
static bool is_number_clean(struct str s, size_t from, size_t end) {
  if (s.at[from] == '0' && is_digit_at(s, from + 1)) return false; /* 010 */
  if (end < s.len && s.at[end] == '.') return false;               /* 1. and 1.2.3 */
  const size_t word = name_end(s, end);                            /* 1e3, 1_000, 0x1F; but 20kg */
  for (size_t i = end; i < word; i++)
    if (is_digit_at(s, i) || s.at[i] == '_') return false;
  return true;
}
static bool lex_number(struct lexer *l, struct token *t) {
  const struct str s = l->source;
  const size_t from = l->at;
  size_t end = digits_end(s, from);
  t->kind = TOKEN_NUMBER;
  if (end < s.len && s.at[end] == '.' && is_digit_at(s, end + 1)) end = digits_end(s, end + 1);
  if (!is_number_clean(s, from, end)) {
    const size_t like = number_like_end(s, end);
    return refuse(l, MSG_expr_number, from, like > end ? like : end + (end < s.len && s.at[end] == '.'), "text");
  }
  if (!dec_parse(str_slice(s, from, end), &t->number)) return refuse(l, MSG_expr_number_long, from, end, "text");
  t->to = (int)(l->at = end);
  lex_unit(l, t);
  return true;
}

static bool lex_text(struct lexer *l, struct token *t) {
  const struct str s = l->source;
  const char quote = s.at[l->at];
  size_t end = l->at + 1;
  while (end < s.len && s.at[end] != quote && s.at[end] != '\n' && s.at[end] != '\r') end++;
  if (end == s.len || s.at[end] != quote) return refuse(l, MSG_expr_quote, l->at, end, "");
  t->kind = TOKEN_TEXT;
  t->text = str_slice(s, l->at + 1, end);
  t->to = (int)(l->at = end + 1);
  return true;
}

static bool lex_name(struct lexer *l, struct token *t) {
  const size_t end = name_end(l->source, l->at);
  t->text = str_slice(l->source, l->at, end);
  for (size_t i = 0; i < t->text.len; i++)
    if (t->text.at[i] >= 'A' && t->text.at[i] <= 'Z') return refuse(l, MSG_expr_capital, l->at, end, "name");
  t->kind = reserved_at(t->text, &t->word) ? TOKEN_WORD : TOKEN_NAME;
  t->to = (int)(l->at = end);
  return true;
}

static bool refuse_sign(const struct lexer *l) {
  const struct str rest = str_from(l->source, l->at);
  for (size_t i = 0; i < COUNT_OF(signs); i++)
    if (str_starts(rest, signs[i].wrong)) {
      const size_t end = l->at + signs[i].wrong.len;
      (void)refuse(l, MSG_expr_sign, l->at, end, "sign");
      l->fault->args[l->fault->arg_count++] = (struct msg_arg){"right", signs[i].right};
      return false;
    }
  const size_t word = unit_word_end(l->source, l->at);
  if (word > l->at) return refuse(l, MSG_expr_han, l->at, word, "name");
  return refuse(l, MSG_expr_character, l->at, l->at + utf8_len(l->source, l->at), "sign");
}

static const struct {
  char sign[3];
  enum token_kind kind;
} operators[] = {{"!=", TOKEN_NE}, {"<=", TOKEN_LE},   {">=", TOKEN_GE},   {"=", TOKEN_EQ},   {"<", TOKEN_LT},
                 {">", TOKEN_GT},  {"+", TOKEN_PLUS},  {"-", TOKEN_MINUS}, {"*", TOKEN_STAR}, {"/", TOKEN_SLASH},
                 {".", TOKEN_DOT}, {",", TOKEN_COMMA}, {":", TOKEN_COLON}, {"(", TOKEN_OPEN}, {")", TOKEN_CLOSE}};
static bool lex_operator(struct lexer *l, struct token *t) {
  static const struct str wrong[] = {STR_INIT("=="), STR_INIT("<>"), STR_INIT("=<"), STR_INIT("=>")};
  const struct str rest = str_from(l->source, l->at);
  for (size_t i = 0; i < COUNT_OF(wrong); i++)
    if (str_starts(rest, wrong[i])) return refuse_sign(l);
  for (size_t i = 0; i < COUNT_OF(operators); i++)
    if (str_starts(rest, str_of(operators[i].sign))) {
      t->kind = operators[i].kind;
      t->to = (int)(l->at += strlen(operators[i].sign));
      return true;
    }
  return refuse_sign(l);
}

bool expr_lex(struct lexer *l, struct token *out) {
  const struct str s = l->source;
  l->at = blanks_end(s, l->at);
  *out = (struct token){.from = (int)l->at, .to = (int)l->at};
  if (l->at == s.len) return true;
  const char c = s.at[l->at];
  if (is_date_at(s, l->at)) return lex_date(l, out);
  if (is_digit_at(s, l->at)) return lex_number(l, out);
  if (is_letter_at(s, l->at)) return lex_name(l, out);
  if (c == '"' || c == '\'') return lex_text(l, out);
  if (c == '.' && is_digit_at(s, l->at + 1))
    return refuse(l, MSG_expr_number, l->at, number_like_end(s, l->at + 1), "text");
  return lex_operator(l, out);
}
