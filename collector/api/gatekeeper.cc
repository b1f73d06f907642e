#include "collector/api/gatekeeper.h"

#include <spdlog/spdlog.h>

#include <boost/url/parse.hpp>

#include "collector/api/api_server.h"
#include "collector/api/present.h"

namespace assay::collector::api {

namespace http = boost::beast::http;

namespace {

HttpResponse to_http(ApiResponse&& response, unsigned version) {
  HttpResponse out(http::int_to_status(static_cast<unsigned>(response.status)), version);
  out.set(http::field::server, "assay-collector");
  out.set(http::field::content_type, response.content_type);
  out.set(http::field::cache_control, "private, no-cache");
  out.set(http::field::strict_transport_security, "max-age=31536000");
  out.set("X-Content-Type-Options", "nosniff");
  out.set("X-Frame-Options", "DENY");
  out.set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
  out.set("Referrer-Policy", "no-referrer");
  for (const auto& [name, value] : response.headers) out.set(name, value);
  out.body() = std::move(response.body);
  return out;
}

void add_entity_tag(const HttpRequest& request, ApiResponse* response) {
  if (response->status != 200) return;
  const std::string tag = '"' + evidence::sha256(response->body).hex().substr(0, 32) + '"';
  response->headers.emplace_back("ETag", tag);
  const auto known = request[http::field::if_none_match];
  if (known.find(tag) == known.npos) return;
  response->status = 304;
  response->body.clear();
}

// In quotes and on one line of the log, whatever the text holds.
std::string one_line(std::string_view text) {
  constexpr std::size_t kMost = 300;
  return Json(std::string(text.substr(0, kMost)))
      .dump(-1, ' ', true, Json::error_handler_t::replace);
}

// "text/csv; charset=utf-8" is text/csv.
std::string media_type_of(const HttpRequest& request) {
  const auto value = request[http::field::content_type];
  std::string type(value.substr(0, std::min(value.find(';'), value.size())));
  while (type.ends_with(' ')) type.pop_back();
  for (auto& c : type)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return type;
}

std::optional<Method> method_of(const HttpRequest& request) {
  switch (request.method()) {
    case http::verb::get:
    case http::verb::head: return Method::kGet;
    case http::verb::post: return Method::kPost;
    default: return std::nullopt;
  }
}

}  // namespace

Result<ApiRequest> read_target(std::string_view target) {
  const auto url = boost::urls::parse_origin_form({target.data(), target.size()});
  if (!url) return fail(Code::kUsage, "the request's target is not a path");
  ApiRequest request;
  for (const auto segment : url->segments()) request.path.emplace_back(segment);
  for (const auto& parameter : url->params())
    if (!request.query.emplace(parameter.key, parameter.value).second)
      return fail(Code::kUsage, "the parameter \"" + std::string(parameter.key) + "\" twice");
  return request;
}

ApiResponse Gatekeeper::answer_api(const HttpRequest& request, const std::string& address) {
  const auto method = method_of(request);
  if (!method) {
    auto response = error_response(405, "usage", "this interface only answers GET and POST");
    response.headers.emplace_back("Allow", "GET, HEAD, POST");
    return response;
  }
  const std::string target(request.target());
  auto asked = read_target(target);
  if (!asked) return error_response(asked.error());
  asked->method = *method;
  asked->body = request.body();
  asked->content_type = media_type_of(request);
  const bool is_open = asked->path == std::vector<std::string>{"healthz"};
  if (!is_open) {
    const auto authorization = request[http::field::authorization];
    std::chrono::seconds retry_after{};
    auto person = authentication_.person({authorization.data(), authorization.size()}, address,
                                         service_.now(), &retry_after);
    if (!person && retry_after.count() > 0) {
      auto response = error_response(429, "too_many_requests", person.error().message());
      response.headers.emplace_back("Retry-After", std::to_string(retry_after.count()));
      return response;
    }
    if (!person) {
      auto response = error_response(person.error());
      if (response.status == 401)
        response.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"assay\"");
      return response;
    }
    asked->person = std::move(*person);
  }
  return answer_to_person(std::move(*asked), target, address);
}

ApiResponse Gatekeeper::answer_to_person(ApiRequest request, const std::string& target,
                                         const std::string& address) {
  if (request.method == Method::kGet) return router_.answer(std::move(request));
  const Person person = request.person;
  auto response = router_.answer(std::move(request));
  spdlog::info("audit: POST {} by {} ({}, token {}) from {}: {}{}", one_line(target),
               one_line(person.name), name_of(person.role), person.token_id, address,
               response.status, response.subject.empty() ? "" : ", " + one_line(response.subject));
  return response;
}

void Gatekeeper::report(const HttpRequest& request, const std::string& address,
                        ApiResponse* response) {
  const auto number = fmt::format("{:x}-{}", started_.time_since_epoch().count(), ++reports_);
  auto json = Json::parse(response->body, nullptr, false);
  const auto message = json.is_object() ? json["error"].value("message", "") : response->body;
  spdlog::error("API: request {}: {} {} from {}: {}: {}", number,
                std::string(request.method_string()), one_line(std::string(request.target())),
                address, response->status, one_line(message));
  response->headers.emplace_back("X-Request-Id", number);
  if (!json.is_object()) return;
  json["error"]["request"] = number;
  auto changed = json_response(json);
  response->body = std::move(changed.body);
}

std::size_t Gatekeeper::body_limit(const HttpRequest& request, const std::string& address) {
  if (request.method() != http::verb::post) return kMaxBodyBytes;
  const auto authorization = request[http::field::authorization];
  std::chrono::seconds retry_after{};
  const auto person = authentication_.person({authorization.data(), authorization.size()}, address,
                                             service_.now(), &retry_after);
  return person && person->role != Role::kAuditor ? kMaxUploadBytes : kMaxBodyBytes;
}

HttpResponse Gatekeeper::answer(const HttpRequest& request, const std::string& address) {
  auto response = answer_api(request, address);
  if (response.status >= 500) report(request, address, &response);
  if (request.method() != http::verb::post) add_entity_tag(request, &response);
  auto out = to_http(std::move(response), request.version());
  out.keep_alive(request.keep_alive());
  const auto size = out.body().size();
  if (request.method() == http::verb::head) out.body().clear();
  if (out.result() != http::status::not_modified) out.content_length(size);
  return out;
}

HttpResponse refusal(int status, std::string_view code, std::string_view message) {
  auto out = to_http(error_response(status, code, message), 11);
  out.keep_alive(false);
  out.prepare_payload();
  return out;
}

}  // namespace assay::collector::api
