// From an HTTP request to its answer: the path is read, the person is known, the router asked, and
// every answer carries the headers that keep a browser from misusing it. Every POST of a person is
// a line in the log, whatever came of it; so is every failure on our side (5xx), under a number
// that the caller is told, too.
//
// Safe from any thread; waits for the store, so never call it on a thread that serves the network.
#pragma once

#include <atomic>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <string>

#include "collector/api/authentication.h"
#include "collector/api/router.h"
#include "collector/api/service.h"

namespace assay::collector::api {

using HttpRequest = boost::beast::http::request<boost::beast::http::string_body>;
using HttpResponse = boost::beast::http::response<boost::beast::http::string_body>;

class Gatekeeper {
 public:
  Gatekeeper(const Router& router, const Service& service)
      : router_(router),
        service_(service),
        authentication_(service.store),
        started_(service.now()) {}

  // How long the body of a request may be whose headers were read: more for a POST of somebody who
  // may change something than for anybody else. `address` is the caller's, without port.
  [[nodiscard]] std::size_t body_limit(const HttpRequest& request, const std::string& address);
  [[nodiscard]] HttpResponse answer(const HttpRequest& request, const std::string& address);

 private:
  ApiResponse answer_api(const HttpRequest& request, const std::string& address);
  ApiResponse answer_to_person(ApiRequest request, const std::string& target,
                               const std::string& address);
  // Logs it, and adds the number by which it is found there.
  void report(const HttpRequest& request, const std::string& address, ApiResponse* response);

  const Router& router_;
  const Service& service_;
  Authentication authentication_;
  evidence::Seconds started_;  // keeps the numbers of two runs apart
  std::atomic<std::uint64_t> reports_{0};
};

// What a request asks for. kUsage for a target that is no path, or names a parameter twice.
[[nodiscard]] Result<ApiRequest> read_target(std::string_view target);

// An answer that needs no request: too large, too slow.
[[nodiscard]] HttpResponse refusal(int status, std::string_view code, std::string_view message);

}  // namespace assay::collector::api
