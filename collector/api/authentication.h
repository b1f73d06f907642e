// People log in with a token: `Authorization: Bearer <token>`. Guessing is slowed down by address.
//
// Safe from any thread; waits for the store.
#pragma once

#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "collector/api/message.h"
#include "collector/store/store.h"

namespace assay::collector::api {

// Failed log-ins that one address may have within the window; then it waits until it has passed.
inline constexpr std::size_t kMaxFailedLogins = 10;
inline constexpr std::chrono::seconds kFailureWindow{60};
// Addresses that are remembered; the one that failed longest ago is forgotten first.
inline constexpr std::size_t kMaxRememberedAddresses = 4096;
inline constexpr std::size_t kMaxAuthorizationBytes = 512;

class FailedLogins {
 public:
  // How long `address` must wait; zero when it may try.
  [[nodiscard]] std::chrono::seconds wait(const std::string& address, evidence::Seconds now);
  void add(const std::string& address, evidence::Seconds now);

 private:
  void forget(evidence::Seconds now);

  std::mutex mutex_;
  std::map<std::string, std::deque<evidence::Seconds>> failures_;
};

class Authentication {
 public:
  explicit Authentication(Store& store) : store_(store) {}

  // `authorization` is the header's value. kUnauthenticated for every kind of bad token alike;
  // kTimedOut when the address must wait first, with the seconds in `*retry_after`.
  [[nodiscard]] Result<Person> person(std::string_view authorization, const std::string& address,
                                      evidence::Seconds now, std::chrono::seconds* retry_after);

 private:
  Result<Person> look_up(std::string_view authorization, evidence::Seconds now);

  Store& store_;
  FailedLogins failed_;
};

}  // namespace assay::collector::api
