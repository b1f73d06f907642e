#include "evidence/ledger/time_stamp_exchange.h"

#include <openssl/err.h>
#include <openssl/rand.h>

#include <array>

#include "evidence/ledger/time_stamp_objects.h"
#include "evidence/ledger/time_stamp_token.h"
#include "evidence/refusal.h"

namespace assay::evidence {

namespace {

using Request = std::unique_ptr<TS_REQ, Freed<TS_REQ_free>>;
using Imprint = std::unique_ptr<TS_MSG_IMPRINT, Freed<TS_MSG_IMPRINT_free>>;
using Algorithm = std::unique_ptr<X509_ALGOR, Freed<X509_ALGOR_free>>;
using Integer = std::unique_ptr<ASN1_INTEGER, Freed<ASN1_INTEGER_free>>;
using Reply = std::unique_ptr<TS_RESP, Freed<TS_RESP_free>>;

// What both of i2d's calls write.
template <typename Object, typename Write>
std::string der_of(Object* object, Write write) {
  unsigned char* bytes = nullptr;
  const int size = write(object, &bytes);
  std::string der;
  if (size > 0) der.assign(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
  OPENSSL_free(bytes);
  return der;
}

bool fill(TS_REQ* request, const Digest& digest, std::uint64_t nonce) {
  const Imprint imprint(TS_MSG_IMPRINT_new());
  const Algorithm algorithm(X509_ALGOR_new());
  const Integer number(ASN1_INTEGER_new());
  auto bytes = digest.bytes;
  return request != nullptr && imprint && algorithm && number &&
         X509_ALGOR_set0(algorithm.get(), OBJ_nid2obj(NID_sha256), V_ASN1_NULL, nullptr) == 1 &&
         TS_MSG_IMPRINT_set_algo(imprint.get(), algorithm.get()) == 1 &&
         TS_MSG_IMPRINT_set_msg(imprint.get(), bytes.data(), static_cast<int>(bytes.size())) == 1 &&
         TS_REQ_set_version(request, 1) == 1 &&
         TS_REQ_set_msg_imprint(request, imprint.get()) == 1 &&
         ASN1_INTEGER_set_uint64(number.get(), nonce) == 1 &&
         TS_REQ_set_nonce(request, number.get()) == 1 && TS_REQ_set_cert_req(request, 1) == 1;
}

// By the names of RFC 3161: what else an authority writes there is anybody's words.
std::string failure_of(const TS_STATUS_INFO* status) {
  struct Name {
    int bit;
    const char* text;
  };
  constexpr std::array kNames = {
      Name{TS_INFO_BAD_ALG, "badAlg"},
      Name{TS_INFO_BAD_REQUEST, "badRequest"},
      Name{TS_INFO_BAD_DATA_FORMAT, "badDataFormat"},
      Name{TS_INFO_TIME_NOT_AVAILABLE, "timeNotAvailable"},
      Name{TS_INFO_UNACCEPTED_POLICY, "unacceptedPolicy"},
      Name{TS_INFO_UNACCEPTED_EXTENSION, "unacceptedExtension"},
      Name{TS_INFO_ADD_INFO_NOT_AVAILABLE, "addInfoNotAvailable"},
      Name{TS_INFO_SYSTEM_FAILURE, "systemFailure"},
  };
  const ASN1_BIT_STRING* bits = TS_STATUS_INFO_get0_failure_info(status);
  std::string names;
  for (const auto& [bit, text] : kNames)
    if (bits != nullptr && ASN1_BIT_STRING_get_bit(bits, bit) == 1)
      names.append(names.empty() ? "" : ", ").append(text);
  const auto number = ASN1_INTEGER_get(TS_STATUS_INFO_get0_status(status));
  return "status " + std::to_string(number) + (names.empty() ? "" : ": " + names);
}

Status check_granted(TS_RESP* reply) {
  const TS_STATUS_INFO* status = TS_RESP_get_status_info(reply);
  const auto number = ASN1_INTEGER_get(TS_STATUS_INFO_get0_status(status));
  ERR_clear_error();
  if (number == TS_STATUS_GRANTED || number == TS_STATUS_GRANTED_WITH_MODS) return {};
  return refuse(Code::kRefused, {"the time-stamp authority declined ({})", "時戳機構未核發（{}）"},
                failure_of(status));
}

bool has_nonce(const TS_TST_INFO* stamp, std::uint64_t expected) {
  const ASN1_INTEGER* nonce = TS_TST_INFO_get_nonce(stamp);
  std::uint64_t number = 0;
  const bool is_same =
      nonce != nullptr && ASN1_INTEGER_get_uint64(&number, nonce) == 1 && number == expected;
  ERR_clear_error();
  return is_same;
}

}  // namespace

Result<TimeStampQuery> time_stamp_query(const Digest& imprint) {
  TimeStampQuery query;
  query.imprint = imprint;
  std::array<unsigned char, sizeof query.nonce> random{};
  const Request request(TS_REQ_new());
  if (RAND_bytes(random.data(), static_cast<int>(random.size())) == 1) {
    for (const auto byte : random) query.nonce = query.nonce << 8U | byte;
    if (fill(request.get(), imprint, query.nonce)) query.der = der_of(request.get(), i2d_TS_REQ);
  }
  if (query.der.empty())
    return stamp_failure(Code::kInternal, phrase({"asking for a time stamp", "製作時戳請求"}));
  return query;
}

Result<std::string> time_stamp_in(std::string_view bytes, const TimeStampQuery& query,
                                  std::string_view authorities) {
  if (bytes.empty() || bytes.size() > kMaxTimeStampBytes)
    return refuse(Code::kInvalidData, {"a reply of an authority has 1 byte to 64 KiB",
                                       "時戳機構的回覆應為 1 位元組至 64 KiB"});
  const auto* begin = reinterpret_cast<const unsigned char*>(bytes.data());
  const auto* end = begin;
  const Reply reply(d2i_TS_RESP(nullptr, &end, static_cast<long>(bytes.size())));
  if (!reply || end != begin + bytes.size())
    return stamp_failure(Code::kInvalidData,
                         phrase({"not a reply of a time-stamp authority", "不是時戳機構的回覆"}));
  if (auto granted = check_granted(reply.get()); !granted) return fail(granted.error());
  PKCS7* inside = TS_RESP_get_token(reply.get());
  if (inside == nullptr)
    return refuse(Code::kInvalidData, {"granted, but there is no time stamp in the reply",
                                       "時戳機構已核發，回覆中卻沒有時戳"});
  auto token = der_of(inside, i2d_PKCS7);
  const auto object = token_object(token);
  if (!object) return fail(object.error());
  const auto stamp = stamp_object(object->get());
  if (!stamp) return fail(stamp.error());
  if (!has_nonce(stamp->get(), query.nonce))
    return refuse(Code::kUnauthenticated,
                  {"the time stamp answers another query", "時戳回覆的是另一個請求"});
  if (auto verified = verify_time_stamp(token, query.imprint, authorities); !verified)
    return fail(verified.error());
  return token;
}

}  // namespace assay::evidence
