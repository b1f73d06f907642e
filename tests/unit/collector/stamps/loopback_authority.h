// A server on a free port of 127.0.0.1 that answers every connection with the same bytes, and
// keeps what it was sent.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>
#include <cctype>
#include <iterator>
#include <string>
#include <thread>

namespace assay::collector {

class LoopbackAuthority {
 public:
  using Tcp = boost::asio::ip::tcp;

  // Says nothing and keeps the connection when `answer` is empty.
  explicit LoopbackAuthority(std::string answer) : answer_(std::move(answer)) {
    thread_ = std::jthread([this](const std::stop_token& stop) {
      while (!stop.stop_requested()) {
        Tcp::socket socket(context_);
        boost::system::error_code error;
        acceptor_.accept(socket, error);
        if (error || stop.stop_requested()) return;
        serve(socket);
        if (answer_.empty()) held_.push_back(std::move(socket));
      }
    });
  }
  ~LoopbackAuthority() {
    thread_.request_stop();
    boost::system::error_code error;
    Tcp::socket(context_).connect(acceptor_.local_endpoint(), error);  // wakes accept() up
  }
  LoopbackAuthority(const LoopbackAuthority&) = delete;
  LoopbackAuthority& operator=(const LoopbackAuthority&) = delete;

  [[nodiscard]] std::string url() const {
    return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()) + "/tsa?x=1";
  }
  // After the answer was read.
  [[nodiscard]] const std::string& request() const { return request_; }

 private:
  void serve(Tcp::socket& socket) {
    boost::system::error_code error;
    boost::asio::streambuf buffer;
    buffer.commit(socket.read_some(buffer.prepare(1), error));
    const bool is_http = std::isalpha(*static_cast<const char*>(buffer.data().data())) != 0;
    if (is_http) boost::asio::read_until(socket, buffer, "\r\n\r\n", error);
    request_.assign(std::istreambuf_iterator<char>(&buffer), {});
    if (!answer_.empty()) boost::asio::write(socket, boost::asio::buffer(answer_), error);
  }

  const std::string answer_;
  std::string request_;
  std::vector<Tcp::socket> held_;
  boost::asio::io_context context_;
  Tcp::acceptor acceptor_{context_, Tcp::endpoint(boost::asio::ip::make_address("127.0.0.1"), 0)};
  std::jthread thread_;
};

}  // namespace assay::collector
