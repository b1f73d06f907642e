// From an HTTP request to its answer: the path is read, the person is known, the router asked, and
// every answer carries the headers that keep a browser from misusing it. Every POST and PUT of a
// person is a line in the log, whatever came of it; so is every failure on our side (5xx), under a
// number that the caller is told, too.
//
// Safe from any thread; waits for the store, so never call it on a thread that serves the network.
#pragma once

#include <atomic>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "collector/api/authentication.h"
#include "collector/api/router.h"
#include "collector/api/service.h"

namespace assay::collector::api {

using HttpRequest = boost::beast::http::request<boost::beast::http::string_body>;
using HttpHeader = boost::beast::http::request_header<>;
using HttpResponse = boost::beast::http::response<boost::beast::http::string_body>;

class Gatekeeper {
 public:
  // Asked once for each request, from any thread; never answers with nullptr.
  using Current = std::function<std::shared_ptr<const Resources>()>;
  Gatekeeper(Current current, Store& store, std::function<evidence::Seconds()> now)
      : current_(std::move(current)),
        now_(std::move(now)),
        authentication_(store),
        started_(now_()) {}

  // `address` is the caller's, without port; `is_abandoned` as in ApiRequest. A body that is made
  // while it is sent goes to `*stream`, and only its length into the answer; without `stream` it is
  // made here.
  [[nodiscard]] HttpResponse answer(const HttpRequest& request, const std::string& address,
                                    const std::function<bool()>& is_abandoned = {},
                                    std::shared_ptr<BodyStream>* stream = nullptr);

  // Asked when only the header is there: how large the body may be, or why it need not be sent.
  // More than kMaxBodyBytes is for a known person whose role suffices.
  struct Admission {
    std::size_t max_body = kMaxBodyBytes;
    std::optional<HttpResponse> refusal;
  };
  [[nodiscard]] Admission admit(const HttpHeader& header, const std::string& address);

 private:
  ApiResponse answer_api(const HttpRequest& request, const std::string& address,
                         const std::function<bool()>& is_abandoned);
  // nullopt and the answer in `*refusal` when it is not known who asks.
  std::optional<Person> person_of(const HttpHeader& header, const std::string& address,
                                  ApiResponse* refusal);
  ApiResponse answer_to_person(ApiRequest request, const std::string& target,
                               const std::string& address);
  // Logs it, and adds the number by which it is found there.
  void report(const HttpRequest& request, const std::string& address, ApiResponse* response);

  const Current current_;
  const std::function<evidence::Seconds()> now_;
  Authentication authentication_;
  evidence::Seconds started_;  // keeps the numbers of two runs apart
  std::atomic<std::uint64_t> reports_{0};
};

// What a request asks for. kUsage for a target that is no path, or names a parameter twice.
[[nodiscard]] Result<ApiRequest> read_target(std::string_view target);

// An answer that needs no request: too large, too slow.
[[nodiscard]] HttpResponse refusal(int status, std::string_view code, const Text& words);

}  // namespace assay::collector::api
