// Keeps what one account piles up from hiding what belongs to the others.
//
// A walker keeps what it finds up to a limit. Without more, whoever may write anywhere could fill
// that up with files that look like keys. So when the limit is met, the largest share is given up as
// a whole and said to be: of an account other than root its files, of root those of one part of the
// tree ("/var/lib"). Files of root are given up only when no other account has any.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "agent/probes/linux/walking/unseen_places.h"

namespace assay::agent {

class FairShare {
 public:
  // `what` names the files in the note: "Java archives".
  FairShare(std::string_view what, std::size_t most, std::size_t most_bytes)
      : what_(what), most_(most), most_bytes_(most_bytes) {}

  // Whether the walker may keep this one. After a call that closed a share, is_closed() is true of
  // some that it keeps already, which it then drops.
  [[nodiscard]] bool admit(std::string_view path, std::uint32_t uid);
  // True once after each time that a share was closed.
  [[nodiscard]] bool has_just_closed();
  [[nodiscard]] bool is_closed(std::string_view path, std::uint32_t uid) const;

  // One for each share that was given up.
  [[nodiscard]] std::vector<UnseenPlace> closed() const;

 private:
  struct Share {
    std::size_t files = 0;
    std::size_t bytes = 0;
    bool is_roots = false;
    bool is_closed = false;
    std::string folder;  // in which all of them lie
    std::string whose;
  };

  [[nodiscard]] static std::string share_of(std::string_view path, std::uint32_t uid);
  void close_largest();

  std::string_view what_;
  std::size_t most_;
  std::size_t most_bytes_;
  std::size_t files_ = 0;
  std::size_t bytes_ = 0;
  bool has_just_closed_ = false;
  std::map<std::string, Share, std::less<>> shares_;
};

}  // namespace assay::agent
