/* Addresses as 16 bytes, so that IPv4, IPv6 and IPv4 inside IPv6 are compared in one way. Textual forms are read by
 * inet_pton, which takes no shortened or octal forms: what is written in a list is what is meant. */
#include "web/peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>

static const unsigned char mapped[12] = {[10] = 0xFF, [11] = 0xFF};

static void from_v4(const void *four, struct peer *out) {
  memcpy(out->bytes, mapped, sizeof mapped);
  memcpy(out->bytes + sizeof mapped, four, 4);
}
static bool is_v4(const struct peer *p) { return !memcmp(p->bytes, mapped, sizeof mapped); }

bool peer_parse(struct str text, struct peer *out) {
  char z[INET6_ADDRSTRLEN];
  struct in_addr four;
  if (str_starts(text, STR("[")) && str_ends(text, STR("]"))) text = str_slice(text, 1, text.len - 1);
  if (!text.len || text.len >= sizeof z || memchr(text.at, 0, text.len)) return false;
  memcpy(z, text.at, text.len);
  z[text.len] = 0;
  if (inet_pton(AF_INET, z, &four) != 1) return inet_pton(AF_INET6, z, out->bytes) == 1;
  from_v4(&four, out);
  return true;
}

bool peer_net_parse(struct str text, struct peer_net *out) {
  struct str base = text, bits = {0};
  int64_t n = 0;
  const bool cut = str_cut(text, STR("/"), &base, &bits);
  if (!peer_parse(base, &out->base)) return false;
  const int most = is_v4(&out->base) ? 32 : 128;
  if (cut && (!str_to_int(bits, &n) || n < 0 || n > most)) return false;
  out->bits = 128 - most + (cut ? (int)n : most);
  return true;
}

void peer_of_socket(const struct sockaddr *from, struct peer *out) {
  *out = (struct peer){0};
  if (from && from->sa_family == AF_INET) {
    from_v4(&((const struct sockaddr_in *)(const void *)from)->sin_addr, out);
  } else if (from && from->sa_family == AF_INET6) {
    memcpy(out->bytes, &((const struct sockaddr_in6 *)(const void *)from)->sin6_addr, sizeof out->bytes);
  }
}

bool peer_is_loopback(const struct peer *p) {
  static const unsigned char one[16] = {[15] = 1};
  return is_v4(p) ? p->bytes[12] == 127 : !memcmp(p->bytes, one, sizeof one);
}

static bool in_net(const struct peer *p, const struct peer_net *net) {
  const int whole = net->bits / 8, rest = net->bits % 8;
  if (memcmp(p->bytes, net->base.bytes, (size_t)whole) != 0) return false;
  return !rest || !((p->bytes[whole] ^ net->base.bytes[whole]) >> (8 - rest));
}
bool peer_in(const struct peer *p, const struct peer_net *nets, size_t n) {
  for (size_t i = 0; i < n; i++)
    if (in_net(p, &nets[i])) return true;
  return false;
}

struct str peer_text(struct arena *mem, const struct peer *p) {
  char z[INET6_ADDRSTRLEN] = "";
  const bool four = is_v4(p);
  if (!inet_ntop(four ? AF_INET : AF_INET6, four ? p->bytes + sizeof mapped : p->bytes, z, sizeof z)) return STR("?");
  return str_dup(mem, str_of(z));
}

void peer_forwarded(struct peer *io, struct str list, const struct peer_net *proxies, size_t n) {
  while (list.len && peer_in(io, proxies, n)) {
    const size_t comma = str_rfind(list, STR(","));
    const struct str last = str_trim(comma == STR_NONE ? list : str_from(list, comma + 1));
    struct peer before;
    if (!peer_parse(last, &before)) return;
    *io = before;
    list = comma == STR_NONE ? (struct str){0} : str_slice(list, 0, comma);
  }
}

bool peer_listen_parse(struct str text, struct str *out_host, uint16_t *out_port) {
  const size_t colon = str_rfind(text, STR(":"));
  int64_t port = 0;
  struct peer ignored;
  if (colon == STR_NONE || !str_to_int(str_from(text, colon + 1), &port) || port < 0 || port > 65535) return false;
  struct str host = str_slice(text, 0, colon);
  if (str_starts(host, STR("[")) && str_ends(host, STR("]"))) host = str_slice(host, 1, host.len - 1);
  if (str_eqz(host, "localhost")) host = STR("127.0.0.1");
  *out_host = host;
  *out_port = (uint16_t)port;
  return peer_parse(host, &ignored);
}
