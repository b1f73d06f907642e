// The content by which hosts were judged last, kept in the state folder as one file: what the
// collector goes on with when it starts and the files are bad.
//
// One zstd frame around a POSIX ustar archive: about.json (content_state.h), content.json.
//
// Any thread, but one at a time for a folder; reads and writes files.
#pragma once

#include "collector/content/content_source.h"

namespace assay::collector {

struct KeptContent {
  std::shared_ptr<const checks::Content> content;
  ContentState state;  // as it was when it was good
};

// Nothing is written when the very same is kept already.
[[nodiscard]] Status keep_content(const ContentPlaces& places, const checks::Content& content,
                                  const ContentState& state);
// kNotFound when none was kept; kInvalidData when it is damaged, or not sound for this version.
[[nodiscard]] Result<KeptContent> kept_content(const ContentPlaces& places);

}  // namespace assay::collector
