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

using Handler = std::function<Result<ApiResponse>(const ApiRequest&)>;

class Router {
 public:
  // `pattern` is a path such as "/api/v1/checks/*"; a * is one segment, which the handler finds in
  // ApiRequest::parameter. `accepted` are the names that the query may have.
  void get(std::string_view pattern, std::vector<std::string> accepted, Handler handler);
  // What changes something is for people of this role and above. Without a body.
  void post(std::string_view pattern, Role least, Handler handler);
  // The same with a body, which the handler reads.
  void post(std::string_view pattern, Role least, std::vector<std::string> accepted,
            Handler handler);

  // 404 for no route, 405 for one that does not know the method, 403 for a role that is too low,
  // 400 for an unknown name in the query or a body that nobody reads, else the handler's answer.
  [[nodiscard]] ApiResponse answer(ApiRequest request) const;

 private:
  struct Route {
    Method method = Method::kGet;
    Role least = Role::kAuditor;
    std::vector<std::string> segments;
    std::vector<std::string> accepted;
    Handler handler;
    bool has_body = false;
  };
  const Route* find(const ApiRequest& request, ApiResponse* refusal) const;

  std::vector<Route> routes_;
};

}  // namespace assay::collector::api
