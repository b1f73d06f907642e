#include "collector/api/gatekeeper.h"

#include <spdlog/spdlog.h>

#include <boost/url/parse.hpp>
#include <utility>

#include "collector/api/present.h"
#include "collector/log/log_fields.h"
#include "evidence/refusal.h"

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

// Makes the whole body now.
void collect(ApiResponse* response) {
  const auto stream = std::exchange(response->stream, nullptr);
  for (;;) {
    const auto piece = stream->next();
    if (!piece) {
      *response = error_response(piece.error());
      return;
    }
    if (piece->empty()) return;
    response->body += *piece;
  }
}

// In quotes and on one line of the log, whatever the text holds.
std::string one_line(std::string_view text) {
  constexpr std::size_t kMost = 300;
  return Json(std::string(text.substr(0, kMost)))
      .dump(-1, ' ', true, Json::error_handler_t::replace);
}

// "text/csv; charset=utf-8" is text/csv.
std::string media_type_of(const HttpHeader& request) {
  const auto value = request[http::field::content_type];
  std::string type(value.substr(0, std::min(value.find(';'), value.size())));
  while (type.ends_with(' ')) type.pop_back();
  for (auto& c : type)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return type;
}

std::optional<Method> method_of(const HttpHeader& request) {
  switch (request.method()) {
    case http::verb::get:
    case http::verb::head: return Method::kGet;
    case http::verb::post: return Method::kPost;
    case http::verb::put: return Method::kPut;
    default: return std::nullopt;
  }
}

void audit(Method method, std::string_view target, const Person& person, const std::string& address,
           const ApiResponse& response) {
  const LogFields fields{{"method", std::string(name_of(method))},
                         {"target", std::string(target)},
                         {"user", person.name},
                         {"role", std::string(name_of(person.role))},
                         {"token", person.token_id},
                         {"address", address},
                         {"status", std::to_string(response.status)},
                         {"subject", response.subject}};
  spdlog::info("audit: {} {} by {} ({}, token {}) from {}: {}{}", name_of(method), one_line(target),
               one_line(person.name), name_of(person.role), person.token_id, address,
               response.status, response.subject.empty() ? "" : ", " + one_line(response.subject));
}

}  // namespace

Result<ApiRequest> read_target(std::string_view target) {
  const auto url = boost::urls::parse_origin_form({target.data(), target.size()});
  if (!url)
    return refuse(Code::kUsage, {"the request's target is not a path", "請求的目標不是路徑"});
  ApiRequest request;
  for (const auto segment : url->segments()) request.path.emplace_back(segment);
  for (const auto& parameter : url->params()) {
    // Nothing behind a "?" or between two "&".
    if (parameter.key.empty() && !parameter.has_value) continue;
    if (!request.query.emplace(parameter.key, parameter.value).second)
      return refuse(Code::kUsage, {"the parameter \"{}\" twice", "參數「{}」重複"},
                    std::string(parameter.key));
  }
  return request;
}

ApiResponse Gatekeeper::answer_api(const HttpRequest& request, const std::string& address,
                                   const std::function<bool()>& is_abandoned) {
  const auto method = method_of(request);
  if (!method) {
    auto response = error_response(405, "usage",
                                   phrase({"this interface only answers GET, POST and PUT",
                                           "這個介面只接受 GET、POST 與 PUT"}));
    response.headers.emplace_back("Allow", "GET, HEAD, POST, PUT");
    return response;
  }
  const std::string target(request.target());
  auto asked = read_target(target);
  if (!asked) return error_response(asked.error());
  asked->method = *method;
  const bool is_open = asked->path == std::vector<std::string>{"healthz"};
  if (!is_open) {
    ApiResponse refusal;
    auto person = person_of(request, address, &refusal);
    if (!person) return refusal;
    asked->person = std::move(*person);
  }
  asked->body = request.body();
  asked->is_abandoned = is_abandoned;
  asked->content_type = media_type_of(request);
  return answer_to_person(std::move(*asked), target, address);
}

std::optional<Person> Gatekeeper::person_of(const HttpHeader& header, const std::string& address,
                                            ApiResponse* refusal) {
  const auto authorization = header[http::field::authorization];
  std::chrono::seconds retry_after{};
  auto person = authentication_.person({authorization.data(), authorization.size()}, address,
                                       now_(), &retry_after);
  if (person) return std::move(*person);
  if (retry_after.count() > 0) {
    *refusal = error_response(429, "too_many_requests", person.error().text());
    refusal->headers.emplace_back("Retry-After", std::to_string(retry_after.count()));
    return std::nullopt;
  }
  *refusal = error_response(person.error());
  if (refusal->status >= 500) {
    // Whoever has not shown who they are learns nothing of where the store is.
    spdlog::error("API: who asks from {} cannot be looked up: {}", address,
                  one_line(person.error().message()));
    *refusal = error_response(503, name_of(person.error().code()),
                              phrase({"the store is away", "資料庫目前無法使用"}));
  }
  if (refusal->status == 401)
    refusal->headers.emplace_back("WWW-Authenticate", "Bearer realm=\"assay\"");
  return std::nullopt;
}

Gatekeeper::Admission Gatekeeper::admit(const HttpHeader& header, const std::string& address) {
  const auto method = method_of(header);
  if (method != Method::kPut && method != Method::kPost) return {};
  const auto refuse = [&header](ApiResponse&& response) {
    auto out = to_http(std::move(response), header.version());
    out.keep_alive(false);  // the body that follows is not read
    out.prepare_payload();
    return Admission{0, std::move(out)};
  };
  auto asked = read_target(std::string(header.target()));
  if (!asked) return refuse(error_response(asked.error()));
  asked->method = *method;
  ApiResponse refusal;
  auto person = person_of(header, address, &refusal);
  if (!person) return refuse(std::move(refusal));
  asked->person = *person;
  const auto max_body = current_()->router.max_body(*asked, &refusal);
  if (max_body > 0) return {max_body, std::nullopt};
  if (refusal.body.empty())
    refusal = error_response(400, "usage",
                             phrase({"this request has a body, which nothing here reads",
                                     "這個請求附有內容，但此處不讀取任何內容"}));
  audit(asked->method, header.target(), *person, address, refusal);
  return refuse(std::move(refusal));
}

ApiResponse Gatekeeper::answer_to_person(ApiRequest request, const std::string& target,
                                         const std::string& address) {
  // Held until the answer is made.
  const auto resources = current_();
  if (request.method == Method::kGet) {
    auto response = resources->router.answer(std::move(request));
    if (response.stream) response.stream->holds = resources;
    return response;
  }
  const Person person = request.person;
  const auto method = request.method;
  auto response = resources->router.answer(std::move(request));
  audit(method, target, person, address, response);
  return response;
}

void Gatekeeper::report(const HttpRequest& request, const std::string& address,
                        ApiResponse* response) {
  const auto number = fmt::format("{:x}-{}", started_.time_since_epoch().count(), ++reports_);
  auto json = Json::parse(response->body, nullptr, false);
  const auto message = json.is_object() ? json["error"].value("message", "") : response->body;
  const LogFields fields{{"request", number},
                         {"method", std::string(request.method_string())},
                         {"target", std::string(request.target())},
                         {"address", address},
                         {"status", std::to_string(response->status)}};
  spdlog::error("API: request {}: {} {} from {}: {}: {}", number,
                std::string(request.method_string()), one_line(std::string(request.target())),
                address, response->status, one_line(message));
  response->headers.emplace_back("X-Request-Id", number);
  if (!json.is_object()) return;
  json["error"]["request"] = number;
  auto changed = json_response(json);
  response->body = std::move(changed.body);
}

HttpResponse Gatekeeper::answer(const HttpRequest& request, const std::string& address,
                                const std::function<bool()>& is_abandoned,
                                std::shared_ptr<BodyStream>* stream) {
  auto response = answer_api(request, address, is_abandoned);
  if (response.stream && stream == nullptr) collect(&response);
  if (response.status >= 500) report(request, address, &response);
  const auto made_later = response.stream;
  if (method_of(request) == Method::kGet && !made_later) add_entity_tag(request, &response);
  auto out = to_http(std::move(response), request.version());
  out.keep_alive(request.keep_alive());
  const auto size = made_later ? made_later->bytes : out.body().size();
  if (made_later) *stream = made_later;
  if (request.method() == http::verb::head) out.body().clear();
  if (out.result() != http::status::not_modified) out.content_length(size);
  return out;
}

HttpResponse refusal(int status, std::string_view code, const Text& words) {
  auto out = to_http(error_response(status, code, words), 11);
  out.keep_alive(false);
  out.prepare_payload();
  return out;
}

}  // namespace assay::collector::api
