// HTTP/1.1 (RFC 9112) and what is spoken over it.
//
// Sent: GET /, once; HEAD of the path of an application whose answer it may have been.
#include <array>

#include "agent/network/services/protocols/http/application.h"
#include "agent/network/services/protocols/http/http_answer.h"
#include "agent/network/services/protocols/product.h"
#include "agent/network/services/protocols/registry.h"

namespace assay::agent::services {

namespace {

const std::array kApplications{&kElasticsearch, &kDocker};

std::string request(std::string_view method, std::string_view path, const std::string& host) {
  const bool is_ipv6 = host.find(':') != std::string::npos;
  std::string out(method);
  out.append(" ").append(path).append(" HTTP/1.1\r\nHost: ");
  out.append(is_ipv6 ? "[" + host + "]" : host);
  return out + "\r\nUser-Agent: assay-scanner\r\nAccept: */*\r\nConnection: close\r\n\r\n";
}

class HttpDialogue : public Dialogue {
 public:
  explicit HttpDialogue(const Setting& setting) : setting_(setting) {}

  Turn take(std::string& received, std::string&) override {
    auto answer = parse_http_answer(received);
    if (!answer) return facts.protocol.empty() ? Turn::kForeign : Turn::kDone;
    if (!answer->is_headed) return Turn::kMore;
    answer_ = *std::move(answer);
    if (facts.protocol.empty()) facts.protocol = "http";
    if (!answer_.is_whole && has_body()) return Turn::kMet;
    judge();
    return Turn::kDone;
  }

  Turn end(std::string_view, Last) override {
    if (!answer_.is_headed) return facts.protocol.empty() ? Turn::kForeign : Turn::kDone;
    judge();
    return Turn::kDone;
  }

 protected:
  [[nodiscard]] virtual bool has_body() const { return true; }
  virtual void judge() = 0;

  Setting setting_;
  HttpAnswer answer_;
};

class Head : public HttpDialogue {
 public:
  Head(Facts known, const Setting& setting, const HttpApplication& application)
      : HttpDialogue(setting), application_(application) {
    facts = std::move(known);
  }
  std::string opening() override { return request("HEAD", application_.path, setting_.host); }

 private:
  [[nodiscard]] bool has_body() const override { return false; }
  void judge() override { (void)application_.take_head(answer_, &facts); }  // or it stays HTTP

  const HttpApplication& application_;
};

class Http : public HttpDialogue {
 public:
  using HttpDialogue::HttpDialogue;

  std::string opening() override { return request("GET", "/", setting_.host); }

  std::unique_ptr<Dialogue> follow_up() override {
    if (facts.protocol != "http") return nullptr;
    for (const auto* application : kApplications)
      if (application->may_be != nullptr && application->may_be(answer_))
        return std::make_unique<Head>(facts, setting_, *application);
    return nullptr;
  }

 private:
  void judge() override {
    note_token(answer_.field("server"), "/", &facts);
    facts.add("http_status", std::to_string(answer_.status));
    const bool is_redirect = answer_.status >= 300 && answer_.status <= 308;
    if (setting_.is_in_tls)
      facts.hsts = has_word(answer_.field("strict-transport-security"), "max-age=") &&
                   !has_word(answer_.field("strict-transport-security"), "max-age=0;") &&
                   answer_.field("strict-transport-security") != "max-age=0";
    else
      facts.redirects_to_https = is_redirect && begins_with(answer_.field("location"), "https://");
    judge_log_in();
    for (const auto* application : kApplications)
      if (application->take(answer_, &facts)) break;
  }

  // Which log-ins the page asks for. A page elsewhere may ask as well: no is never said here, but
  // where everybody is sent to HTTPS.
  void judge_log_in() {
    if (answer_.status == 401) {
      facts.authentication = true;
      for (const auto& [name, value] : answer_.fields)
        if (name == "www-authenticate")
          facts.add("auth_method", std::string_view(value).substr(0, value.find(' ')));
    }
    const bool asks =
        (answer_.status == 401 && has_word(answer_.field("www-authenticate"), "Basic")) ||
        has_word(answer_.body, "type=\"password\"") || has_word(answer_.body, "type='password'") ||
        has_word(answer_.body, "type=password");
    if (asks) facts.cleartext_login = !setting_.is_in_tls;
    if (facts.redirects_to_https.value_or(false)) facts.cleartext_login = false;
  }
};

}  // namespace

std::unique_ptr<Dialogue> make_http(const Setting& setting) {
  return std::make_unique<Http>(setting);
}

}  // namespace assay::agent::services
