// The content as its files have it now: what ships or, over it, the bundle that was installed, and
// the company's own files on top.
//
// Any thread; reads files and computes for up to seconds, so not on a thread that serves.
#pragma once

#include <expected>
#include <memory>
#include <string>

#include "collector/content/content_state.h"
#include "collector/content/trust.h"

namespace assay::collector {

struct ContentPlaces {
  std::string state;                           // the collector's state folder
  std::string own{checks::kOwnContentFolder};  // the company's own files
  std::string trust{kTrustFolder};             // who may sign a bundle
};

// <state>/content: installed.bundle, last-good, state.json.
[[nodiscard]] std::string content_folder(const ContentPlaces& places);
[[nodiscard]] std::string installed_bundle_path(const ContentPlaces& places);
[[nodiscard]] std::string told_state_path(const ContentPlaces& places);

struct LoadedContent {
  std::shared_ptr<const checks::Content> content;
  ContentOrigin origin;
};

// The bundle in `bytes`, when one of `trusted` signed it: what it says of itself, and its content,
// checked. kInvalidData for every refusal of the file; kConfiguration when nobody is trusted.
struct ReadBundle {
  BundleFacts facts;
  TrustedCertificate signer;
  checks::Content content;
};
[[nodiscard]] Result<ReadBundle> read_content_bundle(
    std::string_view bytes, const std::vector<TrustedCertificate>& trusted);

class ContentSource {
 public:
  explicit ContentSource(ContentPlaces places) : places_(std::move(places)) {}

  // Changes when a file does: names, sizes, times. Cheap; never fails, as what cannot be looked at
  // is part of it.
  [[nodiscard]] std::string fingerprint() const;
  // Everything that lint checks, of all of it.
  [[nodiscard]] std::expected<LoadedContent, ContentFailure> load() const;
  [[nodiscard]] const ContentPlaces& places() const { return places_; }

 private:
  ContentPlaces places_;
};

// A failure in `file`, or in the file that the message names where it begins with "file:line: ".
[[nodiscard]] ContentFailure failure_in(const std::string& file, const Error& error);

}  // namespace assay::collector
