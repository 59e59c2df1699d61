/* Between the files of corrections. */
#ifndef ENGINE_PLAN_CORRECT_INT_H
#define ENGINE_PLAN_CORRECT_INT_H
#include "engine/plan/correct.h"

/* `fact` points to the struct of the field's subject. Values are canonical (correct_check). */
struct str correct_read(struct arena *mem, const struct correct_field *f, const void *fact);
void correct_write(struct arena *mem, const struct correct_field *f, void *fact, struct str value);
uint64_t correct_hash(const struct correct_field *f, const void *fact, uint64_t seed);
/* Whether a field is part of what a fact says, rather than where it belongs. */
static inline bool correct_says(const struct correct_field *f) { return f->type != CORRECT_LINK; }
/* Order matters: splitmix64's finisher over both (Steele, Lea, Flood 2014). */
static inline uint64_t correct_mix(uint64_t a, uint64_t b) {
  uint64_t z = a * UINT64_C(0x9E3779B97F4A7C15) + b + UINT64_C(0x632BE59BD9B4E019);
  z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
  z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
  return z ^ (z >> 31);
}
#endif
