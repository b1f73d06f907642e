#include "evidence/ledger/time_stamp_token.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <ctime>
#include <memory>

#include "evidence/ledger/time_stamp_objects.h"
#include "evidence/refusal.h"

namespace assay::evidence {

namespace {

using Bio = std::unique_ptr<BIO, Freed<BIO_free_all>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Store = std::unique_ptr<X509_STORE, Freed<X509_STORE_free>>;
using Verification = std::unique_ptr<TS_VERIFY_CTX, Freed<TS_VERIFY_CTX_free>>;
using BigNumber = std::unique_ptr<BIGNUM, Freed<BN_free>>;

struct FreedList {
  void operator()(STACK_OF(X509) * list) const { sk_X509_free(list); }
};
using Signers = std::unique_ptr<STACK_OF(X509), FreedList>;

std::string_view view_of(const ASN1_STRING* text) {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
          static_cast<std::size_t>(ASN1_STRING_length(text))};
}

Result<Digest> imprint_of(TS_TST_INFO* stamp) {
  TS_MSG_IMPRINT* imprint = TS_TST_INFO_get_msg_imprint(stamp);
  const ASN1_OBJECT* kind = nullptr;
  X509_ALGOR_get0(&kind, nullptr, nullptr, TS_MSG_IMPRINT_get_algo(imprint));
  if (OBJ_obj2nid(kind) != NID_sha256)
    return refuse(Code::kInvalidData,
                  {"the time stamp is not over a SHA-256", "時戳所蓋的不是 SHA-256 摘要"});
  return Digest::from_raw(view_of(TS_MSG_IMPRINT_get_msg(imprint)));
}

Result<Seconds> time_of(const TS_TST_INFO* stamp) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(TS_TST_INFO_get_time(stamp), &parts) != 1)
    return stamp_failure(Code::kInvalidData,
                         phrase({"a time stamp without a readable time", "時戳的時間無法解讀"}));
  return Seconds(std::chrono::seconds(timegm(&parts)));
}

std::string serial_of(const TS_TST_INFO* stamp) {
  const BigNumber number(ASN1_INTEGER_to_BN(TS_TST_INFO_get_serial(stamp), nullptr));
  const std::unique_ptr<char, void (*)(char*)> digits(number ? BN_bn2hex(number.get()) : nullptr,
                                                      [](char* text) { OPENSSL_free(text); });
  ERR_clear_error();
  return digits ? std::string(digits.get()) : std::string();
}

// Control characters are escaped; what is not ASCII stays readable.
std::string subject_of(const X509* certificate) {
  const Bio bio(BIO_new(BIO_s_mem()));
  if (!bio ||
      X509_NAME_print_ex(bio.get(), X509_get_subject_name(certificate), 0,
                         XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB)) < 0) {
    ERR_clear_error();
    return {};
  }
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string();
}

// The certificate that signed the token, in the token, after its signature was checked with it.
Result<std::string> signer_of(PKCS7* token) {
  const Signers signers(PKCS7_get0_signers(token, nullptr, 0));
  if (!signers || sk_X509_num(signers.get()) != 1)
    return stamp_failure(Code::kInvalidData, phrase({"the time stamp does not bring the one "
                                                     "certificate along that signed it",
                                                     "時戳未附上簽署它的那張憑證"}));
  if (PKCS7_verify(token, nullptr, nullptr, nullptr, nullptr, PKCS7_NOVERIFY) != 1)
    return stamp_failure(Code::kUnauthenticated,
                         phrase({"the time stamp is not what its certificate signed",
                                 "時戳與其憑證所簽署的內容不符"}));
  return subject_of(sk_X509_value(signers.get(), 0));
}

Result<TimeStamp> read(PKCS7* token) {
  const auto stamp = stamp_object(token);
  if (!stamp) return fail(stamp.error());
  TimeStamp facts;
  const auto imprint = imprint_of(stamp->get());
  if (!imprint) return fail(imprint.error());
  const auto at = time_of(stamp->get());
  if (!at) return fail(at.error());
  auto authority = signer_of(token);
  if (!authority) return fail(authority.error());
  return TimeStamp{*imprint, *at, serial_of(stamp->get()), std::move(*authority)};
}

// Every certificate in the PEM.
Result<Store> store_of(std::string_view pem) {
  if (pem.size() > kMaxStampAuthoritiesBytes)
    return refuse(Code::kTooLarge, {"certificates of time-stamp authorities: more than 256 KiB",
                                    "時戳機構的憑證超過 256 KiB"});
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  Store store(X509_STORE_new());
  const auto none = [](char*, int, int, void*) { return -1; };
  int count = 0;
  for (;;) {
    const Certificate certificate(bio ? PEM_read_bio_X509(bio.get(), nullptr, none, nullptr)
                                      : nullptr);
    if (!certificate) break;
    if (!store || X509_STORE_add_cert(store.get(), certificate.get()) != 1)
      return stamp_failure(Code::kInternal, phrase({"reading certificates", "讀取憑證"}));
    ++count;
  }
  const auto last = ERR_peek_last_error();
  const bool is_end =
      ERR_GET_LIB(last) == ERR_LIB_PEM && ERR_GET_REASON(last) == PEM_R_NO_START_LINE;
  ERR_clear_error();
  if (count == 0 || !is_end)
    return refuse(Code::kInvalidData, {"not certificates of time-stamp authorities in PEM",
                                       "不是 PEM 格式的時戳機構憑證"});
  return store;
}

}  // namespace

std::unexpected<Error> stamp_failure(Code code, const Text& what) {
  const char* data = nullptr;
  int flags = 0;
  const unsigned long number = ERR_peek_last_error_all(nullptr, nullptr, nullptr, &data, &flags);
  std::string said;
  if (const char* reason = number == 0 ? nullptr : ERR_reason_error_string(number)) said = reason;
  if (!said.empty() && data != nullptr && (flags & ERR_TXT_STRING) != 0 && *data != '\0')
    said.append(", ").append(data);
  ERR_clear_error();
  if (said.empty()) return fail(code, what);
  return fail(code, Text{what.en + ": " + said, what.zh_tw + "（" + said + "）"});
}

Result<TokenObject> token_object(std::string_view der) {
  if (der.empty() || der.size() > kMaxTimeStampBytes)
    return refuse(Code::kInvalidData,
                  {"a time stamp has 1 byte to 64 KiB", "時戳的大小應為 1 位元組至 64 KiB"});
  const auto* begin = reinterpret_cast<const unsigned char*>(der.data());
  const auto* end = begin;
  TokenObject token(d2i_PKCS7(nullptr, &end, static_cast<long>(der.size())));
  if (!token) return stamp_failure(Code::kInvalidData, phrase({"not a time stamp", "不是時戳"}));
  unsigned char* again = nullptr;
  const int size = i2d_PKCS7(token.get(), &again);
  const bool is_same = size >= 0 && std::string_view(reinterpret_cast<const char*>(again),
                                                     static_cast<std::size_t>(size)) == der;
  OPENSSL_free(again);
  ERR_clear_error();
  if (!is_same)
    return refuse(Code::kInvalidData,
                  {"the time stamp is not in strict DER", "時戳不是嚴格的 DER 編碼"});
  return token;
}

Result<StampObject> stamp_object(PKCS7* token) {
  StampObject stamp(PKCS7_to_TS_TST_INFO(token));
  if (!stamp)
    return stamp_failure(Code::kInvalidData,
                         phrase({"signed, but not a time stamp", "這份簽章資料不是時戳"}));
  return stamp;
}

Result<TimeStamp> read_time_stamp(std::string_view token) {
  const auto object = token_object(token);
  if (!object) return fail(object.error());
  return read(object->get());
}

Result<TimeStamp> verify_time_stamp(std::string_view token, const Digest& imprint,
                                    std::string_view authorities) {
  const auto object = token_object(token);
  if (!object) return fail(object.error());
  auto stamp = read(object->get());
  if (!stamp) return stamp;
  if (stamp->imprint != imprint)
    return refuse(Code::kUnauthenticated,
                  {"the time stamp is over something else", "時戳蓋的是其他內容"});
  auto store = store_of(authorities);
  if (!store) return fail(store.error());
  auto* parameters = X509_STORE_get0_param(store->get());
  X509_VERIFY_PARAM_set_time(parameters,
                             static_cast<std::time_t>(stamp->at.time_since_epoch().count()));
  // A certificate in the middle may be named as the one that is trusted.
  X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_PARTIAL_CHAIN);
  const Verification verification(TS_VERIFY_CTX_new());
  if (!verification)
    return stamp_failure(Code::kInternal, phrase({"verifying a time stamp", "查驗時戳"}));
  // Belongs to the verification from here on.
  TS_VERIFY_CTX_set_store(verification.get(), store->release());
  TS_VERIFY_CTX_set_flags(verification.get(), TS_VFY_VERSION | TS_VFY_SIGNER | TS_VFY_SIGNATURE);
  if (TS_RESP_verify_token(verification.get(), object->get()) != 1)
    return stamp_failure(Code::kUnauthenticated,
                         phrase({"not a time stamp of an authority that is trusted",
                                 "不是受信任的時戳機構所蓋的時戳"}));
  return stamp;
}

Status check_stamp_authorities(std::string_view pem) {
  const auto store = store_of(pem);
  if (!store) return fail(store.error());
  return {};
}

}  // namespace assay::evidence
