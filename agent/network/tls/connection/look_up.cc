// Names are looked up by threads of our own, which may outlive our patience: what they write to is
// theirs as much as ours. Not by getaddrinfo_a(): where several requests are under way,
// gai_suspend() of glibc leaves its own stack in the list of one that ends at that moment, and who
// ends it writes there.
#include <netdb.h>
#include <pthread.h>

#include <algorithm>
#include <condition_variable>
#include <csignal>
#include <cstring>
#include <memory>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>

#include "agent/network/tls/connection/address.h"

namespace assay::agent::tls {

namespace {

constexpr std::size_t kMostThreads = 16;

Addresses taken_from(const addrinfo* list) {
  constexpr std::size_t kMostAddresses = 8;
  Addresses out;
  for (; list != nullptr && out.size() < kMostAddresses; list = list->ai_next) {
    if (list->ai_family != AF_INET && list->ai_family != AF_INET6) continue;
    if (list->ai_addrlen > sizeof(sockaddr_storage)) continue;
    SocketAddress address;
    std::memcpy(&address.storage, list->ai_addr, list->ai_addrlen);
    address.length = list->ai_addrlen;
    out.push_back(address);
  }
  return out;
}

Result<Addresses> addresses_of(const Place& place, int flags) {
  addrinfo hints{};
  hints.ai_flags = flags | AI_NUMERICSERV;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  const auto port = std::to_string(place.port);
  if (const int code = ::getaddrinfo(place.host.c_str(), port.c_str(), &hints, &list); code != 0)
    return fail(code == EAI_NONAME ? Code::kNotFound : Code::kUnavailable,
                "looking up " + place.host + ": " + ::gai_strerror(code));
  auto out = taken_from(list);
  ::freeaddrinfo(list);
  if (out.empty()) return fail(Code::kNotFound, place.host + " has no address");
  return out;
}

// What is looked up; the threads hold it as long as they run.
struct Names {
  std::mutex mutex;
  std::condition_variable has_ended;
  std::vector<Place> places;
  std::vector<std::optional<Result<Addresses>>> found;
  std::size_t begun = 0;
  std::size_t ended = 0;
  bool is_given_up = false;
};

void look_up_names(const std::shared_ptr<Names>& names) {
  std::unique_lock lock(names->mutex);
  while (!names->is_given_up && names->begun < names->places.size()) {
    const auto number = names->begun++;
    lock.unlock();
    auto found = addresses_of(names->places[number], AI_ADDRCONFIG);
    lock.lock();
    names->found[number] = std::move(found);
    ++names->ended;
    names->has_ended.notify_all();
  }
}

// Signals are for the thread that has the sockets. false: there is no thread at all.
bool start_threads(const std::shared_ptr<Names>& names) {
  sigset_t all;
  sigset_t before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  std::size_t started = 0;
  try {
    for (; started < std::min(kMostThreads, names->places.size()); ++started)
      std::thread(look_up_names, names).detach();
  } catch (const std::system_error&) {
    // No room for one more: those that run look up the rest.
  }
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return started > 0;
}

}  // namespace

std::vector<Result<Addresses>> look_up(const std::vector<Place>& places,
                                       std::chrono::milliseconds time_limit) {
  const auto until = std::chrono::steady_clock::now() + time_limit;
  std::vector<Result<Addresses>> out;
  std::vector<std::size_t> numbers;
  const auto names = std::make_shared<Names>();
  for (const auto& place : places) {
    if (is_address(place.host)) {
      out.push_back(addresses_of(place, AI_NUMERICHOST));
      continue;
    }
    numbers.push_back(out.size());
    names->places.push_back(place);
    out.push_back(fail(Code::kTimedOut, "looking up " + place.host));
  }
  if (numbers.empty()) return out;
  names->found.resize(numbers.size());
  if (!start_threads(names)) {
    for (const auto number : numbers)
      out[number] = fail(Code::kUnavailable, "looking up " + places[number].host + ": no thread");
    return out;
  }
  std::unique_lock lock(names->mutex);
  names->has_ended.wait_until(lock, until,
                              [&names] { return names->ended == names->places.size(); });
  names->is_given_up = true;
  for (std::size_t i = 0; i < numbers.size(); ++i)
    if (names->found[i]) out[numbers[i]] = std::move(*names->found[i]);
  return out;
}

}  // namespace assay::agent::tls
