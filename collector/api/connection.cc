#include "collector/api/connection.h"

#include <poll.h>
#include <spdlog/spdlog.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>

#include "evidence/refusal.h"

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

// Whether the peer has closed its side. Asked while an answer is being made, so that the socket is
// there.
bool is_shut(int socket) {
  pollfd peer{.fd = socket, .events = POLLRDHUP, .revents = 0};
  return ::poll(&peer, 1, 0) > 0 && (peer.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

// An answer, and its body where that is made while it is sent.
struct Reply {
  HttpResponse head;
  std::shared_ptr<BodyStream> body;
};

// The store is asked on a worker, and the network goes on meanwhile.
asio::awaitable<Reply> ask(const HttpRequest& request, const std::string& address, int socket,
                           Connections& connections) {
  const auto work = [&]() -> asio::awaitable<Reply> {
    std::shared_ptr<BodyStream> body;
    auto head = connections.gatekeeper.answer(
        request, address, [socket] { return is_shut(socket); }, &body);
    co_return Reply{std::move(head), std::move(body)};
  };
  co_return co_await asio::co_spawn(connections.workers, work, asio::use_awaitable);
}

// Sends the body piece by piece. False when it did not come to its end: then the connection has to
// be closed, which is how the other side learns of it.
asio::awaitable<bool> send_body(Stream& stream, BodyStream& body, Connections& connections) {
  const auto work = [&]() -> asio::awaitable<Result<std::string>> { co_return body.next(); };
  for (;;) {
    const auto piece = co_await asio::co_spawn(connections.workers, work, asio::use_awaitable);
    if (!piece) spdlog::error("API: an answer was cut off: {}", piece.error().message());
    if (!piece) co_return false;
    if (piece->empty()) co_return true;
    boost::system::error_code error;
    beast::get_lowest_layer(stream).expires_after(connections.options.answer_time);
    co_await asio::async_write(stream, asio::buffer(*piece),
                               asio::redirect_error(asio::use_awaitable, error));
    if (error) co_return false;
  }
}

asio::awaitable<Gatekeeper::Admission> ask_for_body(const HttpHeader& header,
                                                    const std::string& address,
                                                    Connections& connections) {
  const auto work = [&]() -> asio::awaitable<Gatekeeper::Admission> {
    co_return connections.gatekeeper.admit(header, address);
  };
  co_return co_await asio::co_spawn(connections.workers, work, asio::use_awaitable);
}

// What to say to a request that could not be read; nothing to one that just went away.
std::optional<HttpResponse> answer_to(const boost::system::error_code& error) {
  if (error == http::error::header_limit)
    return refusal(431, "too_large",
                   phrase({"the request's headers are too large", "請求的標頭過大"}));
  if (error == http::error::body_limit)
    return refusal(413, "too_large", phrase({"the request's body is too large", "請求的內容過大"}));
  if (error.category() == make_error_code(http::error::bad_target).category() &&
      error != http::error::end_of_stream && error != http::error::partial_message)
    return refusal(400, "usage", phrase({"this is not HTTP/1.1", "這不是 HTTP/1.1 的請求"}));
  return std::nullopt;
}

using Parser = http::request_parser<http::string_body>;

// Prepares for the body of an upload, which is then counted in `*slot`. What to say instead of
// reading it, if anything.
asio::awaitable<std::optional<HttpResponse>> admit_upload(Stream& stream, Parser& parser,
                                                          const std::string& address,
                                                          Connections& connections,
                                                          std::optional<Counted>* slot) {
  auto admission = co_await ask_for_body(parser.get(), address, connections);
  if (admission.refusal) co_return std::move(admission.refusal);
  if (parser.content_length().value_or(0) > admission.max_body)
    co_return refusal(413, "too_large",
                      phrase({"the request's body is too large", "請求的內容過大"}));
  parser.body_limit(admission.max_body);
  slot->emplace(connections.uploads);
  if (connections.uploads > kMaxUploads) {
    auto busy =
        refusal(503, "unavailable",
                phrase({"others are sending files; try again", "其他人正在傳送檔案，請稍後再試"}));
    busy.set(http::field::retry_after, "5");
    co_return busy;
  }
  beast::get_lowest_layer(stream).expires_after(connections.options.upload_time);
  if (!beast::iequals(parser.get()[http::field::expect], "100-continue")) co_return std::nullopt;
  http::response<http::empty_body> go_on(http::status::continue_, parser.get().version());
  boost::system::error_code error;
  co_await http::async_write(stream, go_on, asio::redirect_error(asio::use_awaitable, error));
  co_return std::nullopt;  // where writing failed, so will reading
}

// Reads one request and has it answered. nullopt when nobody is there any more to be told.
asio::awaitable<std::optional<Reply>> read_and_answer(Stream& stream, beast::flat_buffer& buffer,
                                                      Parser& parser, const std::string& address,
                                                      Connections& connections) {
  boost::system::error_code error;
  auto token = asio::redirect_error(asio::use_awaitable, error);
  auto& socket = beast::get_lowest_layer(stream);
  parser.header_limit(kMaxHeaderBytes);
  // Any that is larger is refused with the header.
  parser.body_limit(std::max<std::uint64_t>(kMaxAttestedFileBytes, kMaxUploadBytes));
  socket.expires_after(connections.options.request_time);
  co_await http::async_read_header(stream, buffer, parser, token);
  std::optional<Counted> upload;
  // A long body is only taken from somebody who is known.
  const bool is_upload =
      parser.is_header_done() && (parser.get().method() == http::verb::put ||
                                  (parser.get().method() == http::verb::post &&
                                   parser.content_length().value_or(0) > kMaxBodyBytes));
  if (!error && is_upload) {
    auto instead = co_await admit_upload(stream, parser, address, connections, &upload);
    if (instead) co_return Reply{std::move(*instead), nullptr};
  } else if (!error) {
    if (parser.content_length().value_or(0) > kMaxBodyBytes)
      co_return Reply{
          refusal(413, "too_large", phrase({"the request's body is too large", "請求的內容過大"})),
          nullptr};
    parser.body_limit(kMaxBodyBytes);
  }
  if (!error) co_await http::async_read(stream, buffer, parser, token);
  if (error) {
    auto answer = answer_to(error);
    if (!answer) co_return std::nullopt;
    co_return Reply{std::move(*answer), nullptr};
  }
  co_return co_await ask(parser.get(), address, socket.socket().native_handle(), connections);
}

asio::awaitable<void> converse(Stream& stream, const std::string& address,
                               Connections& connections) {
  boost::system::error_code error;
  auto token = asio::redirect_error(asio::use_awaitable, error);
  auto& socket = beast::get_lowest_layer(stream);
  beast::flat_buffer buffer;
  for (bool is_open = true; is_open;) {
    Parser parser;
    const auto reply = co_await read_and_answer(stream, buffer, parser, address, connections);
    if (!reply) co_return;
    is_open = reply->head.keep_alive();
    const bool is_head = parser.is_header_done() && parser.get().method() == http::verb::head;
    http::response_serializer<http::string_body> serializer(reply->head);
    // The length is said, the body left out.
    const bool is_header_alone = is_head || reply->body;
    if (is_header_alone) serializer.split(true);
    socket.expires_after(connections.options.answer_time);
    if (is_header_alone)
      co_await http::async_write_header(stream, serializer, token);
    else
      co_await http::async_write(stream, serializer, token);
    if (error) co_return;
    if (reply->body && !is_head && !co_await send_body(stream, *reply->body, connections))
      co_return;
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
