// Puts a bundle of content where the collector finds it.
//
// Reads and writes files; one at a time for a state folder.
#pragma once

#include "collector/content/content_source.h"

namespace assay::collector {

struct InstallWish {
  std::string file;
  bool may_be_older = false;  // than the one that is installed
  evidence::Seconds now;
};

struct InstalledContent {
  BundleFacts facts;
  std::string digest;  // of what hosts will be judged by, without the company's own files
};

// Refuses, and leaves what is installed, when nobody who is trusted signed it, the signer's
// certificate is not valid now, it is dated into the future or is older than what is installed
// (kInvalidData), or the company's own files do not fit it (kConfiguration). The file is there
// whole or not at all.
[[nodiscard]] Result<InstalledContent> install_content(const ContentPlaces& places,
                                                       const InstallWish& wish);

// Back to what ships. kNotFound when nothing is installed.
[[nodiscard]] Status remove_content(const ContentPlaces& places);

// What the collector last said is in force. kNotFound when it never did.
[[nodiscard]] Result<ContentState> told_state(const ContentPlaces& places);

}  // namespace assay::collector
