#include "collector/api/connection.h"

#include <spdlog/spdlog.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>

namespace assay::collector::api {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

namespace {

using Stream = beast::ssl_stream<beast::tcp_stream>;

class Counted {
 public:
  explicit Counted(std::atomic<std::size_t>& count) : count_(count) { ++count_; }
  ~Counted() { --count_; }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;

 private:
  std::atomic<std::size_t>& count_;
};

// The store is asked on a worker, and the network goes on meanwhile.
asio::awaitable<std::size_t> body_limit(const HttpRequest& headers, const std::string& address,
                                        Connections& connections) {
  const auto work = [&]() -> asio::awaitable<std::size_t> {
    co_return connections.gatekeeper.body_limit(headers, address);
  };
  co_return co_await asio::co_spawn(connections.workers, work, asio::use_awaitable);
}

asio::awaitable<HttpResponse> ask(const HttpRequest& request, const std::string& address,
                                  Connections& connections) {
  const auto work = [&]() -> asio::awaitable<HttpResponse> {
    co_return connections.gatekeeper.answer(request, address);
  };
  co_return co_await asio::co_spawn(connections.workers, work, asio::use_awaitable);
}

// What to say to a request that could not be read; nothing to one that just went away.
std::optional<HttpResponse> answer_to(const boost::system::error_code& error) {
  if (error == http::error::header_limit)
    return refusal(431, "too_large", "the request's headers are too large");
  if (error == http::error::body_limit)
    return refusal(413, "too_large", "the request's body is too large");
  if (error.category() == make_error_code(http::error::bad_target).category() &&
      error != http::error::end_of_stream && error != http::error::partial_message)
    return refusal(400, "usage", "this is not HTTP/1.1");
  return std::nullopt;
}

asio::awaitable<void> converse(Stream& stream, const std::string& address,
                               Connections& connections) {
  boost::system::error_code error;
  auto token = asio::redirect_error(asio::use_awaitable, error);
  auto& socket = beast::get_lowest_layer(stream);
  beast::flat_buffer buffer;
  for (bool is_open = true; is_open;) {
    http::request_parser<http::string_body> parser;
    parser.header_limit(kMaxHeaderBytes);
    parser.body_limit(kMaxUploadBytes);
    socket.expires_after(connections.options.request_time);
    co_await http::async_read_header(stream, buffer, parser, token);
    // A long body is only taken from somebody who is known.
    std::size_t limit = kMaxBodyBytes;
    if (!error && parser.content_length().value_or(0) > kMaxBodyBytes)
      limit = co_await body_limit(parser.get(), address, connections);
    parser.body_limit(limit);
    if (!error && parser.content_length().value_or(0) > limit) error = http::error::body_limit;
    if (!error && !parser.is_done()) co_await http::async_read(stream, buffer, parser, token);
    std::optional<HttpResponse> response;
    if (error) {
      response = answer_to(error);
      if (!response) co_return;
    } else {
      response = co_await ask(parser.get(), address, connections);
    }
    is_open = response->keep_alive();
    const bool is_head = !error && parser.get().method() == http::verb::head;
    http::response_serializer<http::string_body> serializer(*response);
    // The length is said, the body left out.
    if (is_head) serializer.split(true);
    socket.expires_after(connections.options.answer_time);
    if (is_head)
      co_await http::async_write_header(stream, serializer, token);
    else
      co_await http::async_write(stream, serializer, token);
    if (error) co_return;
  }
  socket.expires_after(connections.options.handshake_time);
  co_await stream.async_shutdown(token);
}

}  // namespace

asio::awaitable<void> serve(asio::ip::tcp::socket socket, Connections& connections) {
  const Counted counted(connections.open);
  try {
    boost::system::error_code error;
    const auto peer = socket.remote_endpoint(error);
    if (error) co_return;
    const std::string address = peer.address().to_string();
    Stream stream(beast::tcp_stream(std::move(socket)), connections.tls);
    beast::get_lowest_layer(stream).expires_after(connections.options.handshake_time);
    co_await stream.async_handshake(asio::ssl::stream_base::server,
                                    asio::redirect_error(asio::use_awaitable, error));
    if (error) co_return;
    co_await converse(stream, address, connections);
  } catch (const std::exception& error) {
    // No memory: this connection ends, the others go on.
    spdlog::error("API: a connection ended: {}", error.what());
  }
}

}  // namespace assay::collector::api
