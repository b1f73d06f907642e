#include "collector/http/http_post.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <optional>

#include "evidence/refusal.h"

namespace assay::collector {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;

namespace {

constexpr std::uint32_t kMaxHeaderBytes = 16U << 10U;

beast::string_view view_of(std::string_view text) {
  return {text.data(), text.size()};
}

// " Text/Plain ; charset=utf-8" → "text/plain"
std::string bare_type(std::string_view type) {
  std::string bare;
  for (const char c : type.substr(0, type.find(';')))
    if (c != ' ' && c != '\t')
      bare.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
  return bare;
}

// One conversation. What is begun and not over when it ends is dropped with it.
class Conversation {
 public:
  Conversation(const std::stop_token& stop, std::chrono::milliseconds patience)
      : stop_(stop),
        deadline_(std::chrono::steady_clock::now() + patience),
        on_stop_(stop, [this] { context_.stop(); }) {}

  Result<HttpAnswer> run(const HttpUrl& url, const HttpQuestion& question) {
    if (auto connected = connect(url); !connected) return fail(connected.error());
    if (!url.is_https) return exchange(socket_, url, question);
    boost::system::error_code error;
    tls_.set_options(asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1, error);
    tls_.set_default_verify_paths(error);
    asio::ssl::stream<tcp::socket&> stream(socket_, tls_);
    stream.set_verify_mode(asio::ssl::verify_peer, error);
    stream.set_verify_callback(asio::ssl::host_name_verification(url.host), error);
    // What SSL_set_tlsext_host_name() is a macro for; an address is no name to be asked for.
    auto name = url.host;
    asio::ip::make_address(name, error);
    if (error && SSL_ctrl(stream.native_handle(), SSL_CTRL_SET_TLSEXT_HOSTNAME,
                          TLSEXT_NAMETYPE_host_name, name.data()) != 1)
      return fail(Code::kInternal, "TLS: the server's name");
    const auto greeted =
        wait([&](auto done) { stream.async_handshake(asio::ssl::stream_base::client, done); });
    if (!greeted) return fail(greeted.error());
    return exchange(stream, url, question);
  }

 private:
  // Begins something and waits until it is over.
  template <typename Begin>
  Status wait(Begin begin) {
    std::optional<boost::system::error_code> over;
    begin([&over](const boost::system::error_code& error, const auto&...) { over = error; });
    context_.restart();
    if (!stop_.stop_requested()) context_.run_until(deadline_);
    if (stop_.stop_requested())
      return refuse(Code::kUnavailable, {"the collector stops", "收集伺服器正在停止"});
    if (!over) return refuse(Code::kTimedOut, {"it took too long", "逾時未回應"});
    if (*over == http::error::body_limit || *over == http::error::header_limit)
      return refuse(Code::kTooLarge, {"its answer is too large", "回覆過大"});
    if (over->category() == http::make_error_code(http::error::bad_target).category())
      return refuse(Code::kInvalidData, {"it does not answer in HTTP: {}", "回應不是 HTTP：{}"},
                    over->message());
    if (*over)
      return refuse(Code::kUnavailable, {"it cannot be reached: {}", "無法連線：{}"},
                    over->message());
    return {};
  }

  Status connect(const HttpUrl& url) {
    tcp::resolver::results_type places;
    auto found = wait([&](auto done) {
      resolver_.async_resolve(url.host, url.port,
                              [&places, done](const auto& error, auto results) mutable {
                                places = std::move(results);
                                done(error);
                              });
    });
    if (!found) return found;
    return wait([&](auto done) { asio::async_connect(socket_, places, done); });
  }

  template <typename Stream>
  Result<HttpAnswer> exchange(Stream& stream, const HttpUrl& url, const HttpQuestion& question) {
    http::request<http::string_body> request(http::verb::post, url.target, 11);
    request.set(http::field::host, url.authority);
    request.set(http::field::user_agent, "assay-collector/" ASSAY_VERSION);
    request.set(http::field::content_type, view_of(question.type));
    if (!question.accept.empty()) request.set(http::field::accept, view_of(question.accept));
    request.keep_alive(false);
    request.body() = question.body;
    request.prepare_payload();
    if (auto sent = wait([&](auto done) { http::async_write(stream, request, done); }); !sent)
      return fail(sent.error());
    beast::flat_buffer buffer(kMaxHeaderBytes + question.max_answer_bytes);
    http::response_parser<http::string_body> reply;
    reply.header_limit(kMaxHeaderBytes);
    reply.body_limit(question.max_answer_bytes);
    if (auto read = wait([&](auto done) { http::async_read(stream, buffer, reply, done); }); !read)
      return fail(read.error());
    const auto type = reply.get()[http::field::content_type];
    return HttpAnswer{reply.get().result_int(), bare_type({type.data(), type.size()}),
                      std::move(reply.get().body())};
  }

  const std::stop_token stop_;
  const std::chrono::steady_clock::time_point deadline_;
  asio::io_context context_{1};
  asio::ssl::context tls_{asio::ssl::context::tls_client};
  tcp::resolver resolver_{context_};
  tcp::socket socket_{context_};
  std::stop_callback<std::function<void()>> on_stop_;
};

}  // namespace

Result<HttpAnswer> http_post(const HttpUrl& url, const HttpQuestion& question,
                             const std::stop_token& stop, std::chrono::milliseconds patience) {
  return Conversation(stop, patience).run(url, question);
}

}  // namespace assay::collector
