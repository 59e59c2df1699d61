/* Addresses and networks, and which of the addresses in X-Forwarded-For is believed. */
#include "web/peer.h"

#include "unit.h"

static void reads_addresses(void **state) {
  (void)state;
  static const char *const good[] = {"127.0.0.1", "10.255.0.7", "::1", "[::1]", "2001:db8::7", "::ffff:10.0.0.1"};
  static const char *const bad[] = {"", "localhost", "127.1", "010.0.0.1", "1.2.3.4.5", "1.2.3.4 ", "::g", "[::1"};
  struct peer p;
  for (size_t i = 0; i < COUNT_OF(good); i++) assert_true(peer_parse(str_of(good[i]), &p));
  for (size_t i = 0; i < COUNT_OF(bad); i++) assert_false(peer_parse(str_of(bad[i]), &p));
}
static bool within(const char *address, const char *net) {
  struct peer p;
  struct peer_net n;
  assert_true(peer_parse(str_of(address), &p));
  assert_true(peer_net_parse(str_of(net), &n));
  return peer_in(&p, &n, 1);
}
static void compares_networks(void **state) {
  (void)state;
  struct peer_net n;
  assert_true(within("10.1.2.3", "10.0.0.0/8"));
  assert_false(within("11.1.2.3", "10.0.0.0/8"));
  assert_true(within("10.1.255.255", "10.1.0.0/16"));
  assert_true(within("192.168.1.129", "192.168.1.128/25"));
  assert_false(within("192.168.1.127", "192.168.1.128/25"));
  assert_true(within("192.168.1.7", "192.168.1.7"));
  assert_true(within("::ffff:10.1.2.3", "10.0.0.0/8")); /* IPv4 inside IPv6 is the same address */
  assert_true(within("2001:db8::7", "2001:db8::/32"));
  assert_false(within("10.1.2.3", "2001:db8::/32"));
  assert_true(within("10.1.2.3", "0.0.0.0/0"));
  assert_false(within("2001:db8::7", "0.0.0.0/0"));
  assert_false(peer_net_parse(STR("10.0.0.0/33"), &n));
  assert_false(peer_net_parse(STR("10.0.0.0/-1"), &n));
  assert_false(peer_net_parse(STR("10.0.0.0/"), &n));
}
static const char *forwarded(struct arena *mem, const char *from, const char *list) {
  struct peer p;
  struct peer_net nets[2];
  assert_true(peer_parse(str_of(from), &p));
  assert_true(peer_net_parse(STR("127.0.0.0/8"), &nets[0]));
  assert_true(peer_net_parse(STR("10.9.0.0/16"), &nets[1]));
  peer_forwarded(&p, str_of(list), nets, COUNT_OF(nets));
  return str_z(mem, peer_text(mem, &p));
}
static void believes_only_our_proxies(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  assert_string_equal(forwarded(&mem, "127.0.0.1", "203.0.113.7"), "203.0.113.7");
  assert_string_equal(forwarded(&mem, "198.51.100.1", "203.0.113.7"), "198.51.100.1");
  assert_string_equal(forwarded(&mem, "127.0.0.1", "1.1.1.1, 203.0.113.7"), "203.0.113.7");
  assert_string_equal(forwarded(&mem, "127.0.0.1", "1.1.1.1, 203.0.113.7, 10.9.0.4"), "203.0.113.7");
  assert_string_equal(forwarded(&mem, "127.0.0.1", ""), "127.0.0.1");
  assert_string_equal(forwarded(&mem, "127.0.0.1", "nonsense"), "127.0.0.1");
  assert_string_equal(forwarded(&mem, "127.0.0.1", "1.1.1.1,"), "127.0.0.1");
}
static void reads_places_to_listen(void **state) {
  (void)state;
  struct str host;
  uint16_t port = 1;
  assert_true(peer_listen_parse(STR("[::1]:8080"), &host, &port));
  assert_str(host, "::1");
  assert_int_equal(port, 8080);
  assert_true(peer_listen_parse(STR("localhost:0"), &host, &port));
  assert_str(host, "127.0.0.1");
  static const char *const bad[] = {"", ":80", "127.0.0.1", "127.0.0.1:65536", "127.0.0.1:", "example.org:80", "::1"};
  for (size_t i = 0; i < COUNT_OF(bad); i++) assert_false(peer_listen_parse(str_of(bad[i]), &host, &port));
}

UNIT_TESTS(peer) = {
    cmocka_unit_test(reads_addresses),
    cmocka_unit_test(compares_networks),
    cmocka_unit_test(believes_only_our_proxies),
    cmocka_unit_test(reads_places_to_listen),
};
UNIT_COUNT(peer);
