#include "cli/client/rest_client.h"

#include <curl/curl.h>

#include <array>

#include "evidence/limits.h"
#include "evidence/refusal.h"
#include "evidence/signature.h"

namespace assay::cli {

struct RestClient::Handle {
  CURL* curl = nullptr;
  curl_slist* headers = nullptr;
  std::array<char, CURL_ERROR_SIZE> message{};

  Handle() = default;
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() {
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
  }
};

namespace {

constexpr long kConnectSeconds = 10;
constexpr long kAnswerSeconds = 300;

struct Sink {
  std::string bytes;
  std::size_t max_bytes = 0;
  bool is_full = false;
};

std::size_t take(const char* data, std::size_t size, std::size_t count, void* user) {
  auto& sink = *static_cast<Sink*>(user);
  if (sink.bytes.size() + size * count > sink.max_bytes) {
    sink.is_full = true;
    return 0;
  }
  sink.bytes.append(data, size * count);
  return size * count;
}

CURL* new_curl() {
  static const CURLcode kReady = curl_global_init(CURL_GLOBAL_DEFAULT);
  return kReady == CURLE_OK ? curl_easy_init() : nullptr;
}

// What every connection of ours has; a failure to set an option is a failure to connect safely.
bool set_up(CURL* curl, char* message) {
  return curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, message) == CURLE_OK &&
         curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https") == CURLE_OK &&
         curl_easy_setopt(curl, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_3)) ==
             CURLE_OK &&
         curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
         curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, kConnectSeconds) == CURLE_OK &&
         curl_easy_setopt(curl, CURLOPT_TIMEOUT, kAnswerSeconds) == CURLE_OK;
  // CURLOPT_NOSIGNAL stays off: libcurl then keeps SIGPIPE from ending us while it is at work.
}

bool trust_only(CURL* curl, const std::string& ca_pem) {
  // libcurl only reads the blob; its type is not const.
  const curl_blob blob{const_cast<char*>(ca_pem.data()), ca_pem.size(), CURL_BLOB_COPY};
  return curl_easy_setopt(curl, CURLOPT_CAINFO_BLOB, &blob) == CURLE_OK &&
         curl_easy_setopt(curl, CURLOPT_CAPATH, nullptr) == CURLE_OK &&
         curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L) == CURLE_OK &&
         curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L) == CURLE_OK;
}

Error error_of(CURLcode code, const std::string& url, const char* message) {
  const std::string words = *message == '\0' ? curl_easy_strerror(code) : message;
  switch (code) {
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
      return {Code::kUnauthenticated, phrase({"{}: it did not prove to be the collector: {}",
                                              "{}：無法證明是您的收集伺服器（{}）"},
                                             url, words)};
    case CURLE_OPERATION_TIMEDOUT:
      return {Code::kTimedOut, phrase({"{}: {}", "{}：等候逾時（{}）"}, url, words)};
    default: return {Code::kUnavailable, phrase({"{}: {}", "{}：無法連線（{}）"}, url, words)};
  }
}

Code code_of(long status) {
  switch (status) {
    case 400: return Code::kUsage;
    case 401: return Code::kUnauthenticated;
    case 403: return Code::kRefused;
    case 404: return Code::kNotFound;
    case 409: return Code::kConflict;
    case 413: return Code::kTooLarge;
    case 422: return Code::kInvalidData;
    case 429:
    case 503: return Code::kUnavailable;
    default: return Code::kInternal;
  }
}

// What the collector says for people; an older one says it in English alone.
std::optional<Text> words_of(const Json& error) {
  const auto words = error.find("words");
  if (words == error.end() || !words->is_object()) return std::nullopt;
  const auto en = words->find("en");
  const auto zh_tw = words->find("zh-TW");
  if (en == words->end() || !en->is_string()) return std::nullopt;
  if (zh_tw == words->end() || !zh_tw->is_string()) return std::nullopt;
  return Text{en->get<std::string>(), zh_tw->get<std::string>()};
}

Error refusal(long status, const std::string& body) {
  const auto code = code_of(status);
  Error refused(
      code, phrase({"the collector answered with HTTP status {}", "收集伺服器回覆 HTTP 狀態碼 {}"},
                   status));
  const auto json = Json::parse(body, nullptr, false);
  if (!json.is_object() || !json.contains("error") || !json["error"].is_object()) return refused;
  const auto& error = json["error"];
  if (auto words = words_of(error))
    refused = Error(code, std::move(*words));
  else if (error.contains("message") && error["message"].is_string())
    refused = Error(code, error["message"].get<std::string>());
  // What went wrong on the other side stands in its log under this number.
  const auto number = error.find("request");
  if (number == error.end() || !number->is_string()) return refused;
  return {code, phrase({"{} (request {})", "{}（伺服器紀錄編號 {}）"}, refused.text(),
                       number->get<std::string>())};
}

}  // namespace

RestClient::RestClient(Login login, std::unique_ptr<Handle> handle)
    : login_(std::move(login)), handle_(std::move(handle)) {}

RestClient::~RestClient() = default;

Result<std::unique_ptr<RestClient>> RestClient::open(Login login) {
  auto handle = std::make_unique<Handle>();
  handle->curl = new_curl();
  if (handle->curl == nullptr)
    return refuse(Code::kInternal, {"libcurl cannot be set up", "無法初始化 libcurl"});
  const std::string authorization = "Authorization: Bearer " + login.token;
  handle->headers = curl_slist_append(nullptr, authorization.c_str());
  if (handle->headers == nullptr || !set_up(handle->curl, handle->message.data()) ||
      !trust_only(handle->curl, login.ca_pem) ||
      curl_easy_setopt(handle->curl, CURLOPT_HTTPHEADER, handle->headers) != CURLE_OK ||
      curl_easy_setopt(handle->curl, CURLOPT_WRITEFUNCTION, take) != CURLE_OK)
    return refuse(Code::kInternal, {"libcurl lacks what is needed to connect safely",
                                    "libcurl 缺少安全連線所需的功能"});
  return std::unique_ptr<RestClient>(new RestClient(std::move(login), std::move(handle)));
}

std::string RestClient::url_of(const std::vector<std::string>& path, const Query& query) const {
  const auto escaped = [this](const std::string& text) {
    char* out = curl_easy_escape(handle_->curl, text.data(), static_cast<int>(text.size()));
    std::string copy = out == nullptr ? "" : out;
    curl_free(out);
    return copy;
  };
  std::string url = login_.url + "/api/v1";
  for (const auto& segment : path) url += '/' + escaped(segment);
  char separator = '?';
  for (const auto& [name, value] : query) {
    if (value.empty()) continue;
    url += separator + name + '=' + escaped(value);
    separator = '&';
  }
  return url;
}

Result<std::string> RestClient::ask(const std::string& url, std::size_t max_bytes) {
  Sink sink{{}, max_bytes, false};
  handle_->message.front() = '\0';
  (void)curl_easy_setopt(handle_->curl, CURLOPT_URL, url.c_str());  // fails only without memory,
  (void)curl_easy_setopt(handle_->curl, CURLOPT_WRITEDATA, &sink);  // and then perform fails, too
  const auto code = curl_easy_perform(handle_->curl);
  if (sink.is_full)
    return refuse(Code::kTooLarge, {"{}: the answer is too large", "{}：回覆過大"}, url);
  if (code != CURLE_OK) return fail(error_of(code, login_.url, handle_->message.data()));
  long status = 0;
  (void)curl_easy_getinfo(handle_->curl, CURLINFO_RESPONSE_CODE, &status);  // stays 0: a refusal
  if (status < 200 || status > 299) return fail(refusal(status, sink.bytes));
  return std::move(sink.bytes);
}

Result<Json> RestClient::parsed(const Result<std::string>& body) const {
  if (!body) return fail(body.error());
  auto json = Json::parse(*body, nullptr, false);
  if (json.is_discarded())
    return refuse(Code::kInvalidData,
                  {"{}: the answer is not JSON; is it a collector?",
                   "{}：回覆不是 JSON；對方是收集伺服器嗎？"},
                  login_.url);
  return json;
}

Result<Json> RestClient::get(const std::vector<std::string>& path, const Query& query) {
  return parsed(ask(url_of(path, query), kMaxAnswerBytes));
}

Result<Json> RestClient::send(const char* method, const std::string& url, const std::string& body,
                              const std::string& type) {
  auto* curl = handle_->curl;
  const std::string content_type = body.empty() ? "Content-Type:" : "Content-Type: " + type;
  const std::string authorization = "Authorization: Bearer " + login_.token;
  // Without Expect, for which libcurl would wait a second.
  curl_slist* headers = nullptr;
  for (const auto* line : {authorization.c_str(), content_type.c_str(), "Expect:"})
    if (auto* longer = curl_slist_append(headers, line)) headers = longer;
  const std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> owner(headers,
                                                                          curl_slist_free_all);
  if (curl_easy_setopt(curl, CURLOPT_POST, 1L) != CURLE_OK ||
      curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method) != CURLE_OK ||
      curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.c_str()) != CURLE_OK ||
      curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size())) !=
          CURLE_OK ||
      curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers) != CURLE_OK)
    return refuse(Code::kInternal,
                  {"libcurl cannot send a request with a body", "libcurl 無法送出附有內容的請求"});
  const auto answer = ask(url, kMaxAnswerBytes);
  // So that the next question is a GET again; none of them can fail.
  (void)curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, nullptr);
  (void)curl_easy_setopt(curl, CURLOPT_POSTFIELDS, nullptr);
  (void)curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
  (void)curl_easy_setopt(curl, CURLOPT_HTTPHEADER, handle_->headers);
  return parsed(answer);
}

Result<Json> RestClient::post(const std::vector<std::string>& path, const Query& query,
                              const RequestBody& body) {
  return send("POST", url_of(path, query), body.text, body.type);
}

Result<Json> RestClient::put(const std::vector<std::string>& path, const std::string& bytes) {
  return send("PUT", url_of(path, {}), bytes, "application/octet-stream");
}

Result<std::string> RestClient::download(const std::vector<std::string>& path) {
  return ask(url_of(path, {}), evidence::kMaxBundleBytes);
}

Result<std::string> certificate_shown_by(const std::string& url,
                                         const evidence::Digest& fingerprint) {
  std::array<char, CURL_ERROR_SIZE> message{};
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl(new_curl(), curl_easy_cleanup);
  // Nobody is trusted here: the chain is only looked at, and the connection dropped.
  if (!curl || !set_up(curl.get(), message.data()) ||
      curl_easy_setopt(curl.get(), CURLOPT_SSL_VERIFYPEER, 0L) != CURLE_OK ||
      curl_easy_setopt(curl.get(), CURLOPT_SSL_VERIFYHOST, 0L) != CURLE_OK ||
      curl_easy_setopt(curl.get(), CURLOPT_CERTINFO, 1L) != CURLE_OK ||
      curl_easy_setopt(curl.get(), CURLOPT_CONNECT_ONLY, 1L) != CURLE_OK ||
      curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str()) != CURLE_OK)
    return refuse(Code::kInternal, {"libcurl cannot be set up", "無法初始化 libcurl"});
  const auto code = curl_easy_perform(curl.get());
  if (code != CURLE_OK) return fail(error_of(code, url, message.data()));
  curl_certinfo* shown = nullptr;
  if (curl_easy_getinfo(curl.get(), CURLINFO_CERTINFO, &shown) != CURLE_OK || shown == nullptr)
    return refuse(Code::kInternal,
                  {"libcurl does not tell the certificates", "libcurl 未提供憑證"});
  constexpr std::string_view kField = "Cert:";
  for (int i = 0; i < shown->num_of_certs; ++i)
    for (const auto* entry = shown->certinfo[i]; entry != nullptr; entry = entry->next) {
      const std::string_view line(entry->data);
      if (!line.starts_with(kField)) continue;
      std::string pem(line.substr(kField.size()));
      if (!pem.ends_with('\n')) pem += '\n';
      const auto facts = evidence::read_certificate(pem);
      if (facts && facts->fingerprint == fingerprint) return pem;
    }
  return refuse(Code::kUnauthenticated,
                {"{}: it shows no certificate with the fingerprint {}",
                 "{}：對方出示的憑證中，沒有指紋為 {} 者"},
                url, fingerprint.hex());
}

}  // namespace assay::cli
