#include "collector/ingest/door.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <condition_variable>
#include <mutex>
#include <vector>

namespace assay::collector {
namespace {

constexpr std::chrono::seconds kPatience{20};

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

bool connects(const Descriptor& line, int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return ::connect(line.number(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
}

Descriptor new_line() {
  return Descriptor(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
}

Descriptor call(int port) {
  auto line = new_line();
  EXPECT_TRUE(connects(line, port));
  return line;
}

bool call_v6(int port) {
  const Descriptor line(::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_port = htons(static_cast<std::uint16_t>(port));
  address.sin6_addr = in6addr_loopback;
  return ::connect(line.number(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
}

// Whether the other side closes within the patience.
bool is_closed(const Descriptor& line) {
  pollfd wait{line.number(), POLLIN, 0};
  char byte = 0;
  return ::poll(&wait, 1, 20'000) == 1 && ::recv(line.number(), &byte, 1, 0) <= 0;
}

class Guests {
 public:
  Door::Take take() {
    return [this](int descriptor) {
      const std::lock_guard lock(mutex_);
      inside_.emplace_back(descriptor);
      came_.notify_all();
    };
  }
  bool await(std::size_t count) {
    std::unique_lock lock(mutex_);
    return came_.wait_for(lock, kPatience, [&] { return inside_.size() >= count; });
  }
  std::size_t count() {
    const std::lock_guard lock(mutex_);
    return inside_.size();
  }
  int last() {
    const std::lock_guard lock(mutex_);
    return inside_.back().number();
  }
  void leave() {
    const std::lock_guard lock(mutex_);
    inside_.clear();
  }

 private:
  std::mutex mutex_;
  std::condition_variable came_;
  std::vector<Descriptor> inside_;
};

std::unique_ptr<Door> opened(const std::string& listen) {
  auto door = Door::open(listen);
  EXPECT_TRUE(door) << door.error().message();
  return door ? std::move(*door) : nullptr;
}

// As few open files as a test can fill; as before at the end.
class FewFiles {
 public:
  explicit FewFiles(rlim_t most) {
    EXPECT_EQ(::getrlimit(RLIMIT_NOFILE, &before_), 0);
    const rlimit few{most, before_.rlim_max};
    EXPECT_EQ(::setrlimit(RLIMIT_NOFILE, &few), 0);
  }
  ~FewFiles() { EXPECT_EQ(::setrlimit(RLIMIT_NOFILE, &before_), 0); }
  FewFiles(const FewFiles&) = delete;
  FewFiles& operator=(const FewFiles&) = delete;

 private:
  rlimit before_{};
};

TEST(Door, HandsOnSocketsThatNeitherWaitNorAreInheritedNorHoldBackWhatIsSmall) {
  Guests guests;
  const auto door = opened("127.0.0.1:0");
  ASSERT_NE(door, nullptr);
  ASSERT_GT(door->port(), 0);
  door->start(guests.take());
  const auto line = call(door->port());
  ASSERT_TRUE(guests.await(1));
  const int inside = guests.last();
  EXPECT_NE(::fcntl(inside, F_GETFL) & O_NONBLOCK, 0);
  EXPECT_NE(::fcntl(inside, F_GETFD) & FD_CLOEXEC, 0);
  int is_without_delay = 0;
  socklen_t size = sizeof is_without_delay;
  ASSERT_EQ(::getsockopt(inside, IPPROTO_TCP, TCP_NODELAY, &is_without_delay, &size), 0);
  EXPECT_NE(is_without_delay, 0);
}

TEST(Door, WhoeverCameBeforeItWasOpenedIsLetInThen) {
  Guests guests;
  const auto door = opened("127.0.0.1:0");
  ASSERT_NE(door, nullptr);
  const auto line = call(door->port());
  door->start(guests.take());
  EXPECT_TRUE(guests.await(1));
}

TEST(Door, LeavesFilesForOthersAndLetsInAgainWhenSomebodyLeft) {
  Guests guests;
  const auto door = opened("127.0.0.1:0");
  ASSERT_NE(door, nullptr);
  const FewFiles few(200);  // of which half are for others
  door->start(guests.take());
  std::vector<Descriptor> lines;
  // Both ends are in this process: fewer than these fit.
  while (door->turned_away() == 0 && lines.size() < 90) {
    lines.push_back(call(door->port()));
    if (!guests.await(lines.size()) || door->turned_away() > 0) break;
    if (lines.back().number() >= 98) break;
  }
  const auto inside = guests.count();
  ASSERT_GT(inside, 20U);
  const auto one_more = call(door->port());
  EXPECT_TRUE(is_closed(one_more));
  EXPECT_GE(door->turned_away(), 1);
  EXPECT_LE(guests.count(), inside + 1);
  // Others still have files.
  std::vector<Descriptor> files;
  for (int i = 0; i < 50; ++i) {
    files.emplace_back(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    ASSERT_GE(files.back().number(), 0) << i;
  }
  files.clear();
  guests.leave();
  lines.clear();
  const auto later = call(door->port());
  EXPECT_TRUE(guests.await(1));
}

TEST(Door, EveryAddressIsOfBothFamilies) {
  Guests guests;
  const auto door = opened("0.0.0.0:0");
  ASSERT_NE(door, nullptr);
  door->start(guests.take());
  const auto line = call(door->port());
  ASSERT_TRUE(guests.await(1));
  EXPECT_TRUE(call_v6(door->port()));
  EXPECT_TRUE(guests.await(2));
}

TEST(Door, AnAddressOfIPv6IsOfNoOther) {
  Guests guests;
  const auto door = opened("[::1]:0");
  ASSERT_NE(door, nullptr);
  door->start(guests.take());
  EXPECT_TRUE(call_v6(door->port()));
  EXPECT_TRUE(guests.await(1));
}

TEST(Door, AnAddressThatIsTakenOrNoneIsAnError) {
  const auto door = opened("127.0.0.1:0");
  ASSERT_NE(door, nullptr);
  const auto taken = Door::open("127.0.0.1:" + std::to_string(door->port()));
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().code(), Code::kUnavailable);
  EXPECT_NE(taken.error().message().find("Address already in use"), std::string::npos);
  for (const auto* listen : {"", "127.0.0.1", "127.0.0.1:x", "192.0.2.1:0", "[::1:0"})
    EXPECT_FALSE(Door::open(listen)) << listen;
}

TEST(Door, NobodyIsHandedOnAfterTheStop) {
  Guests guests;
  const auto door = opened("127.0.0.1:0");
  ASSERT_NE(door, nullptr);
  door->start(guests.take());
  const auto first = call(door->port());
  ASSERT_TRUE(guests.await(1));
  door->stop();
  EXPECT_FALSE(connects(new_line(), door->port()));
  EXPECT_EQ(guests.count(), 1U);
}

}  // namespace
}  // namespace assay::collector
