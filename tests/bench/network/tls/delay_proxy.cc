// A delay proxy on loopback: delay_proxy PORT COUNT ONE_WAY_MS
//
// Listens on COUNT free ports of 127.0.0.1, which it prints one a line, joins every connection to
// PORT and holds every byte for ONE_WAY_MS; the first bytes of a client as long again twice, for
// the handshake of TCP. One thread; ends with its standard input.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <queue>
#include <string>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

struct Joint {
  std::array<int, 2> ends{-1, -1};  // the client's, the server's
  Clock::time_point earliest;       // before which nothing of the client's arrives
  ~Joint() {
    for (const int end : ends) (void)::close(end);
  }
};

// One descriptor that is watched: a listener, or one end of a joint.
struct Watched {
  int descriptor = -1;
  std::shared_ptr<Joint> joint;  // nullptr: a listener
  int side = 0;
};

struct Parcel {
  Clock::time_point due;
  std::uint64_t number = 0;  // what came first goes first
  std::shared_ptr<Joint> joint;
  int to = 0;
  std::string bytes;  // empty: the other side has closed
  bool operator>(const Parcel& other) const {
    return due != other.due ? due > other.due : number > other.number;
  }
};

class Proxy {
 public:
  Proxy(std::uint16_t target, std::chrono::milliseconds one_way)
      : target_(target), one_way_(one_way), epoll_(::epoll_create1(0)) {
    watch(std::make_unique<Watched>(Watched{STDIN_FILENO, nullptr, -1}));
  }

  void listen(int count) {
    for (int i = 0; i < count; ++i) {
      const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
      auto address = loopback(0);
      socklen_t size = sizeof address;
      if (::bind(listener, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
          ::listen(listener, 64) != 0 ||
          ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) != 0)
        std::exit(1);
      (void)std::printf("%d\n", ntohs(address.sin_port));
      watch(std::make_unique<Watched>(Watched{listener, nullptr, 0}));
    }
    (void)std::fflush(stdout);
  }

  void run() {
    while (!is_over_) {
      deliver();
      int wait = -1;
      if (!parcels_.empty())
        wait = static_cast<int>(std::max<std::int64_t>(
            0, std::chrono::ceil<std::chrono::milliseconds>(parcels_.top().due - Clock::now())
                   .count()));
      std::array<epoll_event, 256> events{};
      const int count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), wait);
      for (int i = 0; i < count; ++i)
        ready(static_cast<Watched*>(events[static_cast<std::size_t>(i)].data.ptr));
    }
  }

 private:
  void watch(std::unique_ptr<Watched> watched) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = watched.get();
    (void)::epoll_ctl(epoll_, EPOLL_CTL_ADD, watched->descriptor, &event);
    (void)watched.release();  // a listener lives as long as the program, an end until it closes
  }

  void ready(Watched* watched) {
    if (watched->side < 0) {
      is_over_ = true;
    } else if (!watched->joint) {
      accept(watched->descriptor);
    } else {
      read(watched);
    }
  }

  void accept(int listener) {
    const int client = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK);
    if (client < 0) return;
    const int server = ::socket(AF_INET, SOCK_STREAM, 0);
    const auto address = loopback(target_);
    (void)::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    const int on = 1;
    for (const int end : {client, server})
      (void)::setsockopt(end, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    auto joint = std::make_shared<Joint>();
    joint->ends = {client, server};
    joint->earliest = Clock::now() + 2 * one_way_;
    for (const int side : {0, 1})
      watch(std::make_unique<Watched>(
          Watched{joint->ends[static_cast<std::size_t>(side)], joint, side}));
  }

  void read(Watched* watched) {
    std::array<char, 32768> bytes;
    const auto length = ::recv(watched->descriptor, bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (length < 0 && (errno == EAGAIN || errno == EINTR)) return;
    const auto came =
        watched->side == 0 ? std::max(Clock::now(), watched->joint->earliest) : Clock::now();
    parcels_.push(
        {came + one_way_, ++number_, watched->joint, 1 - watched->side,
         std::string(bytes.data(), static_cast<std::size_t>(std::max<ssize_t>(0, length)))});
    if (length > 0) return;
    (void)::epoll_ctl(epoll_, EPOLL_CTL_DEL, watched->descriptor, nullptr);
    delete watched;
  }

  void deliver() {
    while (!parcels_.empty() && parcels_.top().due <= Clock::now()) {
      const auto parcel = parcels_.top();
      parcels_.pop();
      const int to = parcel.joint->ends[static_cast<std::size_t>(parcel.to)];
      if (parcel.bytes.empty())
        (void)::shutdown(to, SHUT_WR);
      else  // hellos and answers fit into a socket's buffer
        (void)::send(to, parcel.bytes.data(), parcel.bytes.size(), MSG_NOSIGNAL);
    }
  }

  std::uint16_t target_;
  std::chrono::milliseconds one_way_;
  int epoll_;
  bool is_over_ = false;
  std::uint64_t number_ = 0;
  std::priority_queue<Parcel, std::vector<Parcel>, std::greater<>> parcels_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    (void)std::fputs("delay_proxy PORT COUNT ONE_WAY_MS\n", stderr);
    return 64;
  }
  Proxy proxy(static_cast<std::uint16_t>(std::atoi(argv[1])),
              std::chrono::milliseconds(std::atoi(argv[3])));
  proxy.listen(std::atoi(argv[2]));
  proxy.run();
  return 0;
}
