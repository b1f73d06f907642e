// Finds who answers a request, and refuses what nobody asked for: a misspelt filter must not
// silently answer with everything.
//
// Routes are added before the first request; then it may be used from any thread.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "collector/api/message.h"

namespace assay::collector::api {

// A body that a route reads, where it does not say more.
inline constexpr std::size_t kMaxBodyBytes = 64U << 10U;
// An asset register, a list of approvals.
inline constexpr std::size_t kMaxUploadBytes = 16U << 20U;

using Handler = std::function<Result<ApiResponse>(const ApiRequest&)>;

class Router {
 public:
  // `pattern` is a path such as "/api/v1/checks/*"; a * is one segment, which the handler finds in
  // ApiRequest::parameter. `accepted` are the names that the query may have.
  void get(std::string_view pattern, std::vector<std::string> accepted, Handler handler);
  // The same, but the * at the end of the pattern is one segment or several, for whoever reads
  // ApiRequest::path.
  void get_below(std::string_view pattern, Handler handler);
  // What changes something is for people of this role and above. A body is refused unless the
  // handler reads it.
  void post(std::string_view pattern, Role least, Handler handler);
  void post_with_body(std::string_view pattern, Role least, Handler handler,
                      std::size_t max_body = kMaxBodyBytes);
  // With a body of up to kMaxUploadBytes.
  void upload(std::string_view pattern, Role least, std::vector<std::string> accepted,
              Handler handler);
  // The body may have this many bytes, also more than kMaxBodyBytes.
  void put(std::string_view pattern, Role least, std::size_t max_body, Handler handler);

  // What there is to ask, in the order in which it was added; docs/api/openapi.yaml is held against
  // it.
  struct Entry {
    Method method = Method::kGet;
    std::string pattern;
    std::vector<std::string> accepted;
    bool takes_body = false;
  };
  [[nodiscard]] std::vector<Entry> entries() const;

  // 404 for no route, 405 for one that does not know the method, 403 for a role that is too low,
  // 400 for an unknown name in the query or a body that nobody reads, else the handler's answer.
  [[nodiscard]] ApiResponse answer(ApiRequest request) const;

  // How large a body the request may have, asked before the body is there; 0 where no route takes
  // one. `*refusal` is the answer (403, 404, 405) when nothing may be sent at all.
  [[nodiscard]] std::size_t max_body(const ApiRequest& request, ApiResponse* refusal) const;

 private:
  struct Route {
    Method method = Method::kGet;
    Role least = Role::kAuditor;
    std::vector<std::string> segments;
    std::vector<std::string> accepted;
    std::size_t max_body = 0;
    Handler handler;
    bool is_open_ended = false;
    [[nodiscard]] bool matches(const std::vector<std::string>& path) const;
  };
  // The route, when the person's role suffices.
  const Route* find(const ApiRequest& request, ApiResponse* refusal) const;
  static const Route* may_use(const Route& route, const Person& person, ApiResponse* refusal);

  std::vector<Route> routes_;
};

}  // namespace assay::collector::api
