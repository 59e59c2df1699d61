/* Everything a browser or a proxy may send, taken apart: the first byte chooses the reader. */
#include "web/form.h"
#include "web/peer.h"

enum { ADDRESSES = 250 };

/* What is taken for an address is written so that it is read back as the same; nothing leads past a stranger. */
static void read_addresses(struct str s) {
  AUTO_ARENA mem = {0};
  struct peer p, back, from = {0};
  struct peer_net net, own;
  must(peer_net_parse(STR("127.0.0.0/8"), &own) && peer_parse(STR("127.0.0.1"), &from));
  if (peer_parse(s, &p)) must(peer_parse(peer_text(&mem, &p), &back) && !memcmp(&p, &back, sizeof p));
  if (peer_net_parse(s, &net)) must(net.bits >= 0 && net.bits <= 128 && peer_in(&net.base, &net, 1));
  peer_forwarded(&from, s, &own, 1);
  back = from;
  if (!peer_in(&from, &own, 1)) peer_forwarded(&back, s, &own, 1);
  must(!memcmp(&from, &back, sizeof from));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (!size) return 0;
  if (data[0] >= ADDRESSES) {
    read_addresses((struct str){(const char *)data + 1, size - 1});
    return 0;
  }
  AUTO_ARENA mem = {0};
  struct err e = {0};
  web_fields f = {0};
  struct str s = {(const char *)data + 1, size - 1}, out = {0}, head = {0}, body = {0};
  bool ok = false;
  switch (data[0] % 5) {
    case 0: ok = form_path(&mem, s, &out); break;
    case 1: ok = form_urlencoded(&mem, s, &f, &e); break;
    case 2:
      ok = str_cut(s, STR("\n"), &head, &body) && form_boundary(head, &out) && form_multipart(&mem, body, out, &f, &e);
      break;
    case 3: ok = form_multipart(&mem, s, STR("b"), &f, &e); break;
    default: ok = form_json(&mem, s, &f, &e);
  }
  if (ok && data[0] % 5 == 0) { /* a path that is taken never climbs, and escapes back to itself */
    struct str back = {0};
    must(str_find(out, STR("/..")) == STR_NONE && str_find(out, STR("//")) == STR_NONE);
    must(form_path(&mem, form_escape(&mem, out, true), &back) && str_eq(out, back));
  }
  for (size_t i = 0; i < f.len; i++)
    must(f.at[i].is_file || !f.at[i].value.len || !memchr(f.at[i].value.at, 0, f.at[i].value.len));
  return 0;
}
