// Tokens and replies of time-stamp authorities: nothing crashes, and nobody is believed who is not
// trusted. What is read as a token is found in no other bytes' place.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "evidence/ledger/time_stamp_exchange.h"
#include "evidence/ledger/time_stamp_token.h"

namespace {

using namespace assay::evidence;

// Of an authority that signed nothing of the corpus.
constexpr std::string_view kStranger = R"(-----BEGIN CERTIFICATE-----
MIIBajCCARCgAwIBAgIUJdKyYgmGWthIMttH2jEdzyk8HKMwCgYIKoZIzj0EAwIw
EzERMA8GA1UEAwwIU3RyYW5nZXIwHhcNMjYxMTI5MDIxNzQzWhcNMzYxMTI2MDIx
NzQzWjATMREwDwYDVQQDDAhTdHJhbmdlcjBZMBMGByqGSM49AgEGCCqGSM49AwEH
A0IABCCnjGkMC8uDem2P8Ye/trKCiZODmJPwF1fJuSBpHahNnBF83DFGQuvjax1M
Z5eGBXG19eQV7Kak7m+UWrhbECajQjBAMA8GA1UdEwEB/wQFMAMBAf8wDgYDVR0P
AQH/BAQDAgIEMB0GA1UdDgQWBBQHYTLgW1Tv9J6B8W0QhR4vd/DP9jAKBggqhkjO
PQQDAgNIADBFAiA4Uw+GMVpshiMmSlQhe6D0gCcqX1LbCwdSSO21eodNRwIhAMdf
Bgt4IRNsXyoDrfYA2ssZ+kUq8Y83egG9Gg028T5I
-----END CERTIFICATE-----
)";

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (const auto stamp = read_time_stamp(bytes))
    require(!verify_time_stamp(bytes, stamp->imprint, kStranger));
  static const auto kQuery = time_stamp_query(sha256("a checkpoint")).value();
  require(!time_stamp_in(bytes, kQuery, kStranger));
  (void)check_stamp_authorities(bytes);
  return 0;
}
