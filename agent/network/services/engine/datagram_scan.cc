#include "agent/network/services/engine/datagram_scan.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <set>
#include <thread>
#include <utility>

namespace assay::agent::services {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t kAtOnce = 200;  // sockets; all of an endpoint go together
constexpr auto kPatience = milliseconds(1'000);
constexpr int kTries = 3;
constexpr int kTriesOfOne = 2;  // of a protocol with one question
constexpr std::size_t kMaxDatagram = 8192;

}  // namespace

void DatagramScan::add(const tls::SocketAddress& address, EndpointResult* result) {
  result->address = address.text();
  result->status = "no_answer";
  for (const auto& protocol : datagrams())
    waiting_.push_back({&protocol, result, address, {}, protocol.requests(options_), false, 0, {}});
}

void DatagramScan::ask(Question& question) {
  const auto* place = reinterpret_cast<const sockaddr*>(&question.address.storage);
  if (!question.socket.is_open()) {
    question.socket = FileDescriptor(
        ::socket(question.address.storage.ss_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    // A connected socket is told that nobody listens. One that waits for an answer from another
    // port cannot be connected.
    const bool is_open = question.socket.is_open() &&
                         (question.protocol->answers_from_elsewhere ||
                          ::connect(question.socket.number(), place, question.address.length) == 0);
    if (!is_open) {
      question.is_over = true;
      question.result->status = "failed";
      question.result->detail = system_error(errno, "a socket").message();
      return;
    }
  }
  bool is_sent = true;
  for (const auto& request : question.requests) {
    await_turn(question);
    const bool is_connected = !question.protocol->answers_from_elsewhere;
    const auto sent =
        ::sendto(question.socket.number(), request.data(), request.size(), MSG_NOSIGNAL,
                 is_connected ? nullptr : place, is_connected ? 0 : question.address.length);
    // Refused: what ICMP said to the one before.
    if (sent >= 0 || errno == ECONNREFUSED) continue;
    is_sent = false;
    question.problem = system_error(errno, "sending").message();
  }
  if (is_sent) ++question.times_sent;
}

// One that has answered is asked on only for answers that it has still to give.
bool DatagramScan::is_worth_asking(const Question& question, int time) const {
  if (question.is_over) return false;
  if (question.requests.size() > 1) return true;
  return time < kTriesOfOne && question.result->status != "ok";
}

// Silence counts where all was sent.
void DatagramScan::conclude(Question& question) {
  auto& result = *question.result;
  if (question.times_sent == 0 && result.status == "no_answer") {
    const bool is_too_late = question.problem.empty();
    result.status = is_too_late ? "timed_out" : "failed";
    result.detail = is_too_late ? kTimeIsOver : question.problem;
  }
  const bool is_another =
      result.status == "ok" && result.facts.protocol != question.protocol->protocol;
  const bool is_silent = result.status == "ok" || result.status == "no_answer";
  if (is_silent && !is_another && question.times_sent > 1 && question.protocol->end != nullptr)
    question.protocol->end(options_, &result.facts);
}

void DatagramScan::hear(Question& question) {
  std::array<char, kMaxDatagram> bytes;
  // As many answers as were asked for; the rest is not worth the time.
  for (std::size_t i = 0; i < question.requests.size() + 1; ++i) {
    tls::SocketAddress from;
    from.length = sizeof from.storage;
    const auto length = ::recvfrom(question.socket.number(), bytes.data(), bytes.size(), 0,
                                   reinterpret_cast<sockaddr*>(&from.storage), &from.length);
    if (length < 0) {
      if (errno == ECONNREFUSED) {
        question.is_over = true;
        if (question.result->status == "no_answer") question.result->status = "refused";
      }
      return;
    }
    if (!from.is_same_host_as(question.address)) continue;
    auto& result = *question.result;
    const std::string_view answer(bytes.data(), static_cast<std::size_t>(length));
    if (question.protocol->take(answer, options_, &result.facts)) {
      result.status = "ok";
      result.facts.protocol = question.protocol->protocol;
    } else if (result.status != "ok") {
      result.status = "unrecognised";
      result.detail = "what it answers is of no protocol that is known";
    }
  }
}

void DatagramScan::await_turn(const Question& question) {
  hosts_.forget();
  while (!hosts_.may_send(question.address, steady_clock::now())) {
    listen(hosts_.next());
    std::this_thread::sleep_until(hosts_.next());  // where there is nothing to listen to
    hosts_.forget();
  }
}

void DatagramScan::listen(Time until) {
  for (;;) {
    std::vector<pollfd> sockets;
    std::vector<Question*> asked;
    for (auto& question : questions_)
      if (!question.is_over && question.socket.is_open()) {
        sockets.push_back({question.socket.number(), POLLIN, 0});
        asked.push_back(&question);
      }
    const auto left = std::chrono::ceil<milliseconds>(until - steady_clock::now()).count();
    if (sockets.empty() || left <= 0) return;
    if (::poll(sockets.data(), sockets.size(), static_cast<int>(left)) < 0 && errno != EINTR)
      return;
    for (std::size_t i = 0; i < sockets.size(); ++i)
      if (sockets[i].revents != 0) hear(*asked[i]);
    // Once a protocol was met, the others are not waited for; its further answers are.
    for (auto& question : questions_)
      if (question.result->status == "refused")
        question.is_over = true;
      else if (question.result->status == "ok" &&
               (question.result->facts.protocol != question.protocol->protocol ||
                question.requests.size() == 1))
        question.is_over = true;
  }
}

// Two names of one endpoint are asked one after the other.
void DatagramScan::begin_questions() {
  std::set<std::pair<std::string, std::uint16_t>> met;
  for (auto at = waiting_.begin(); at != waiting_.end() && questions_.size() < kAtOnce;) {
    auto& result = *at->result;
    const auto end = std::find_if(
        at, waiting_.end(), [&](const Question& question) { return question.result != &result; });
    if (!met.emplace(result.address, result.endpoint.port).second) {
      at = end;
      continue;
    }
    if (claims_.emplace_back().take(result.address, result.endpoint.port, "udp")) {
      questions_.splice(questions_.end(), waiting_, at, end);
    } else {
      result.status = "busy";
      result.detail = "this endpoint is being asked already";
      waiting_.erase(at, end);
    }
    at = end;
  }
}

void DatagramScan::ask_all(Time until) {
  for (int i = 0; i < kTries; ++i) {
    bool is_asked = false;
    for (auto& question : questions_) {
      if (!is_worth_asking(question, i) || steady_clock::now() >= until) continue;
      ask(question);
      is_asked = true;
    }
    if (is_asked) listen(steady_clock::now() + kPatience);
  }
}

void DatagramScan::run(Time until) {
  while (!waiting_.empty() && steady_clock::now() < until) {
    begin_questions();
    ask_all(until);
    for (auto& question : questions_) conclude(question);
    questions_.clear();
    claims_.clear();
  }
  for (auto& question : waiting_) {
    question.result->status = "timed_out";
    question.result->detail = kTimeIsOver;
  }
}

}  // namespace assay::agent::services
