#include "agent/network/tls/wire/answer.h"

#include <array>
#include <utility>

#include "agent/network/tls/wire/record.h"
#include "agent/network/tls/wire/server_messages.h"

namespace assay::agent::tls {

namespace {

constexpr std::uint32_t kCloseNotify = 0;

class AnswerParser {
 public:
  AnswerParser(std::string_view bytes, Depth depth) : rest_(bytes), depth_(depth) {}

  Result<Answer> parse() {
    if (rest_.size() > kMaxAnswerBytes)
      return fail(Code::kTooLarge, "the server sent more than is read");
    while (!answer_.is_complete) {
      const auto more = next_record();
      if (!more) return fail(more.error());
      if (!*more) break;
    }
    return std::move(answer_);
  }

 private:
  // false: it is not all there.
  Result<bool> next_record() {
    const auto record = tls::next_record(rest_);
    if (!record) return fail(record.error());
    if (!*record) {
      // A message's length may already say that it is too large.
      const bool has_begun = rest_.size() >= kRecordHeader &&
                             static_cast<unsigned char>(rest_.front()) == kHandshakeRecord;
      return has_begun ? begin_of_record(rest_.substr(kRecordHeader)) : false;
    }
    rest_.remove_prefix(kRecordHeader + (*record)->body.size());
    return take_record((*record)->type, (*record)->body);
  }

  Result<bool> begin_of_record(std::string_view part) {
    auto all = messages_;
    all += part;
    if (auto bounded = next_message(all); !bounded) return fail(bounded.error());
    return false;
  }

  Result<bool> take_record(std::uint32_t type, std::string_view body) {
    if (type == kAlertRecord) return take_alert(body);
    if (type == kHandshakeRecord) {
      messages_ += body;
      return take_messages();
    }
    // TLS 1.3 goes on encrypted; before, nothing of this kind has a place here.
    if (!answer_.hello) return fail(Code::kInvalidData, "data before a ServerHello");
    answer_.is_complete = type == kApplicationData || is_tls13();
    return true;
  }

  Result<bool> take_alert(std::string_view body) {
    if (body.size() != 2) return fail(Code::kInvalidData, "an alert against the grammar of TLS");
    const Alert alert{static_cast<unsigned char>(body[1]), body[0] == 2};
    if (!alert.is_fatal && alert.description != kCloseNotify) return true;  // a warning
    answer_.alert = alert;
    answer_.is_complete = true;
    return true;
  }

  Result<bool> take_messages() {
    while (!answer_.is_complete) {
      const auto message = next_message(messages_);
      if (!message) return fail(message.error());
      if (!*message) return true;  // the next record goes on with it
      if (auto taken = take_message((*message)->type, (*message)->body); !taken)
        return fail(taken.error());
      messages_.erase(0, (*message)->whole.size());
    }
    return true;
  }

  [[nodiscard]] bool is_tls13() const {
    return answer_.hello && answer_.hello->version >= version_of(Protocol::kTls13);
  }

  Status take_message(std::uint32_t type, std::string_view body) {
    if (type == kServerHelloMessage) return take_hello(body);
    if (!answer_.hello) {
      // A HelloRequest is allowed at any time and means nothing here.
      if (type == kHelloRequestMessage) return {};
      return fail(Code::kInvalidData, "a handshake message before the ServerHello");
    }
    switch (type) {
      case kCertificateMessage: return put(parse_certificate(body), &answer_.chain);
      case kCertificateStatusMessage: return put(parse_certificate_status(body), &answer_.status);
      case kServerKeyExchangeMessage: {
        auto done = put(parse_server_key_exchange(body, *answer_.hello), &answer_.key_exchange);
        if (done && depth_ == Depth::kKeyExchange) answer_.is_complete = true;
        return done;
      }
      case kCertificateRequestMessage: answer_.requests_certificate = true; return {};
      case kServerHelloDoneMessage: answer_.is_done = answer_.is_complete = true; return {};
      default: return {};
    }
  }

  template <typename T>
  static Status put(Result<T> parsed, T* place) {
    if (!parsed) return fail(parsed.error());
    *place = *std::move(parsed);
    return {};
  }

  Status take_hello(std::string_view body) {
    if (answer_.hello) return fail(Code::kInvalidData, "a second ServerHello");
    auto hello = parse_server_hello(body);
    if (!hello) return fail(hello.error());
    answer_.hello = *std::move(hello);
    answer_.is_complete = depth_ == Depth::kHello || is_tls13();
    return {};
  }

  std::string_view rest_;
  Depth depth_;
  std::string messages_;  // handshake bytes that no message has been made of yet
  Answer answer_;
};

}  // namespace

Result<Answer> parse_answer(std::string_view bytes, Depth depth) {
  return AnswerParser(bytes, depth).parse();
}

std::string alert_name(std::uint32_t description) {
  static constexpr std::array<std::pair<std::uint32_t, std::string_view>, 34> kNames{{
      {0, "close_notify"},
      {10, "unexpected_message"},
      {20, "bad_record_mac"},
      {21, "decryption_failed"},
      {22, "record_overflow"},
      {30, "decompression_failure"},
      {40, "handshake_failure"},
      {41, "no_certificate"},
      {42, "bad_certificate"},
      {43, "unsupported_certificate"},
      {44, "certificate_revoked"},
      {45, "certificate_expired"},
      {46, "certificate_unknown"},
      {47, "illegal_parameter"},
      {48, "unknown_ca"},
      {49, "access_denied"},
      {50, "decode_error"},
      {51, "decrypt_error"},
      {60, "export_restriction"},
      {70, "protocol_version"},
      {71, "insufficient_security"},
      {80, "internal_error"},
      {86, "inappropriate_fallback"},
      {90, "user_canceled"},
      {100, "no_renegotiation"},
      {109, "missing_extension"},
      {110, "unsupported_extension"},
      {111, "certificate_unobtainable"},
      {112, "unrecognized_name"},
      {113, "bad_certificate_status_response"},
      {114, "bad_certificate_hash_value"},
      {115, "unknown_psk_identity"},
      {116, "certificate_required"},
      {120, "no_application_protocol"},
  }};
  for (const auto& [number, name] : kNames)
    if (number == description) return std::string(name);
  return "alert " + std::to_string(description);
}

}  // namespace assay::agent::tls
