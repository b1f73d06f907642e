#include "agent/network/tls/handshake/client_handshake.h"

#include <utility>

#include "agent/network/tls/wire/answer.h"
#include "agent/network/tls/wire/bytes.h"

namespace assay::agent::tls {

namespace {

std::unexpected<Error> failed(std::string_view why) {
  return fail(Code::kInvalidData, "the handshake failed: " + std::string(why));
}

std::unexpected<Error> unexpected_message() {
  return failed("a message that has no place there");
}

Status take_alert(std::string_view body) {
  constexpr std::uint32_t kCloseNotify = 0;
  if (body.size() != 2) return failed("an alert against the grammar of TLS");
  const auto description = static_cast<unsigned char>(body[1]);
  if (description == kCloseNotify)
    return fail(Code::kUnavailable, "the server closed the connection");
  return failed(alert_name(description));
}

std::string message_of(std::uint32_t type, std::string_view body) {
  ByteWriter out;
  out.u8(type);
  out.block(3, [&] { out.raw(body); });
  return out.take();
}

// For boxes between us that know nothing newer than TLS 1.2 (RFC 8446 D.4).
constexpr std::string_view kChangeCipherSpecRecord{"\x14\x03\x03\x00\x01\x01", 6};

}  // namespace

ClientHandshake::ClientHandshake(ClientHello hello, std::shared_ptr<const Session> session)
    : hello_(std::move(hello)), session_(std::move(session)) {
  hello_.protocol = Protocol::kTls13;
  hello_.suites.clear();
  for (const auto& suite : kAeadSuites) hello_.suites.push_back(suite.code);
  const auto groups = exchangeable_groups();
  hello_.groups.assign(groups.begin(), groups.end());
  if (session_) hello_.ticket = {session_->ticket, session_->age_add, session_->suite->hash_bytes};
  // Where it fails nothing is sent, and the audit goes on without.
  (void)say_hello(groups.front());
}

Status ClientHandshake::say_hello(std::uint32_t group) {
  auto agreement = KeyAgreement::begin(group);
  if (!agreement) return fail(agreement.error());
  agreement_ = *std::move(agreement);
  hello_.key_shares = {{group, agreement_->share()}};
  auto record = write_client_hello(hello_);
  if (hello_.ticket) {
    const auto mac = binder(std::string_view(record).substr(kRecordHeader));
    record.replace(record.size() - mac.size(), mac.size(), mac);
  }
  transcript_ += std::string_view(record).substr(kRecordHeader);
  pending_ += record;
  return {};
}

// RFC 8446 4.2.11.2
std::string ClientHandshake::binder(std::string_view hello) const {
  const auto& suite = *session_->suite;
  const KeySchedule early(suite, session_->pre_shared_key);
  const auto key = early.derive("res binder", transcript_hash(suite, {}));
  hello.remove_suffix(binders_of(hello_));
  return finished_data(suite, key, transcript_hash(suite, hello));
}

Status ClientHandshake::take(std::string_view received) {
  if (!agreement_) return fail(Code::kInternal, "OpenSSL cannot begin a handshake");
  while (!facts_.has_data) {
    const auto record = next_record(received.substr(at_));
    if (!record) return fail(record.error());
    if (!*record) return {};
    at_ += kRecordHeader + (*record)->body.size();
    if (auto taken = take_record(**record); !taken) return taken;
  }
  return {};
}

Status ClientHandshake::take_record(const Record& record) {
  if (record.type == kChangeCipherSpec)
    return state_ == State::kConnected ? unexpected_message() : Status{};
  if (record.type == kAlertRecord) return take_alert(record.body);
  if (!reads_) {
    if (record.type != kHandshakeRecord) return unexpected_message();
    return take_content(record.type, record.body);
  }
  if (record.type != kApplicationData) return unexpected_message();
  const auto opened = reads_->open(record);
  if (!opened) return failed("a record that does not open");
  return take_content(opened->type, opened->content);
}

Status ClientHandshake::take_content(std::uint32_t type, std::string_view content) {
  if (type == kAlertRecord) return take_alert(content);
  if (type == kApplicationData && state_ == State::kConnected) {
    facts_.has_data = true;
    return {};
  }
  if (type != kHandshakeRecord || content.empty()) return unexpected_message();
  messages_ += content;
  for (;;) {
    const auto message = next_message(messages_);
    if (!message) return fail(message.error());
    if (!*message) return {};  // the next record goes on with it
    const auto before = state_;
    if (auto taken = take_message(**message); !taken) return taken;
    messages_.erase(0, (*message)->whole.size());
    const bool has_new_key =
        state_ != before && (before == State::kServerHello || before == State::kFinished);
    // RFC 8446 5.1: no message stands in records of two keys.
    if (has_new_key && !messages_.empty()) return unexpected_message();
  }
}

Status ClientHandshake::take_message(const Message& message) {
  const auto type = message.type;
  if (state_ == State::kServerHello)
    return type == kServerHelloMessage ? take_hello(message) : unexpected_message();
  if (state_ == State::kFinished)
    return type == kFinishedMessage ? take_finished(message) : unexpected_message();
  if (state_ == State::kConnected)
    return type == kNewSessionTicketMessage ? take_ticket(message.body) : Status{};
  transcript_ += message.whole;
  if (state_ == State::kEncryptedExtensions && type == kEncryptedExtensionsMessage) {
    auto name = parse_encrypted_extensions(message.body);
    if (!name) return fail(name.error());
    facts_.application_protocol = *std::move(name);
    // Whoever resumes shows no certificate.
    state_ = session_ ? State::kFinished : State::kCertificate;
    return {};
  }
  if (state_ == State::kCertificate && type == kCertificateRequestMessage && !request_context_) {
    auto context = parse_certificate_request(message.body);
    if (!context) return fail(context.error());
    request_context_ = *std::move(context);
    facts_.requests_certificate = true;
    return {};
  }
  if (state_ == State::kCertificate && type == kCertificateMessage)
    return take_certificate(message.body);
  if (state_ == State::kCertificateVerify && type == kCertificateVerifyMessage) {
    state_ = State::kFinished;
    return {};
  }
  return unexpected_message();
}

Status ClientHandshake::take_hello(const Message& message) {
  const auto hello = parse_server_hello(message.body);
  if (!hello) return fail(hello.error());
  if (hello->version != version_of(Protocol::kTls13)) return failed("another version");
  const auto* suite = find_aead_suite(hello->suite);
  if (suite == nullptr || (suite_ != nullptr && suite != suite_))
    return failed("a suite that was not offered");
  suite_ = suite;
  if (hello->is_retry) return take_retry(*hello, message);
  if (hello->group != agreement_->group()) return failed("a group that was not offered");
  if (hello->has_pre_shared_key &&
      (!hello_.ticket || suite_->hash_bytes != session_->suite->hash_bytes))
    return failed("a key that was not offered");
  if (!hello->has_pre_shared_key) session_.reset();
  const auto shared = agreement_->finish(hello->key_share);
  if (!shared) return fail(shared.error());
  transcript_ += message.whole;
  schedule_.emplace(*suite_, session_ ? session_->pre_shared_key : std::string());
  schedule_->advance(*shared);
  const auto hash = transcript_hash(*suite_, transcript_);
  server_secret_ = schedule_->derive("s hs traffic", hash);
  client_secret_ = schedule_->derive("c hs traffic", hash);
  reads_.emplace(*suite_, server_secret_);
  state_ = State::kEncryptedExtensions;
  return {};
}

Status ClientHandshake::take_retry(const ServerHello& hello, const Message& message) {
  if (std::exchange(has_retried_, true)) return failed("a second HelloRetryRequest");
  // Without a group it wants its cookie back, and the same share once more.
  const auto group = hello.group.value_or(agreement_->group());
  if (!is_exchangeable(group)) return failed("a group that was not offered");
  hello_.cookie = hello.cookie;
  hello_.ticket.reset();  // its binder would have to be made anew; a whole handshake does as well
  // RFC 8446 4.4.1: of the first hello its hash is left.
  transcript_ = message_of(kMessageHashMessage, transcript_hash(*suite_, transcript_));
  transcript_ += message.whole;
  pending_ += kChangeCipherSpecRecord;
  return say_hello(group);
}

Status ClientHandshake::take_certificate(std::string_view body) {
  auto entries = parse_certificate_entries(body);
  if (!entries) return fail(entries.error());
  facts_.chain = std::move(entries->chain);
  facts_.status = std::move(entries->status);
  state_ = State::kCertificateVerify;
  return {};
}

Status ClientHandshake::take_finished(const Message& message) {
  const auto expected =
      finished_data(*suite_, server_secret_, transcript_hash(*suite_, transcript_));
  if (expected.size() != suite_->hash_bytes || message.body != expected)
    return failed("the server's Finished is wrong");
  transcript_ += message.whole;
  return answer_finished();
}

Status ClientHandshake::answer_finished() {
  schedule_->advance({});
  const auto hash = transcript_hash(*suite_, transcript_);
  reads_.emplace(*suite_, schedule_->derive("s ap traffic", hash));
  if (!has_retried_) pending_ += kChangeCipherSpecRecord;
  std::string flight;
  if (request_context_) {
    // We have none: the list is empty.
    ByteWriter body;
    body.block(1, [&] { body.raw(*request_context_); });
    body.u24(0);
    flight += message_of(kCertificateMessage, body.take());
  }
  transcript_ += flight;
  const auto finished =
      message_of(kFinishedMessage,
                 finished_data(*suite_, client_secret_, transcript_hash(*suite_, transcript_)));
  flight += finished;
  transcript_ += finished;
  const auto record = RecordProtection(*suite_, client_secret_).seal(kHandshakeRecord, flight);
  if (!record) return fail(Code::kInternal, "OpenSSL cannot end a handshake");
  pending_ += *record;
  resumption_secret_ = schedule_->derive("res master", transcript_hash(*suite_, transcript_));
  transcript_.clear();
  facts_.is_finished = true;
  state_ = State::kConnected;
  return {};
}

Status ClientHandshake::take_ticket(std::string_view body) {
  auto ticket = parse_new_session_ticket(body);
  if (!ticket) return fail(ticket.error());
  ++facts_.tickets;
  if (ticket->ticket.empty()) return {};
  facts_.session = std::make_shared<const Session>(Session{
      suite_,
      expand_label(*suite_, resumption_secret_, "resumption", ticket->nonce, suite_->hash_bytes),
      std::move(ticket->ticket), ticket->age_add});
  return {};
}

}  // namespace assay::agent::tls
