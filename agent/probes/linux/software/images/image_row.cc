#include "agent/probes/linux/software/images/image_row.h"

#include "agent/probes/linux/software/purl.h"
#include "agent/probes/linux/text/cells.h"
#include "agent/probes/linux/text/small_letters.h"

namespace assay::agent {
namespace {

// Of type "oci" where the digest in the registry is known, else of type "docker", whose version may
// be the image's own id.
std::string purl_of(const ImageRow& image) {
  const auto& [repository, tag, digest] = image.reference;
  if (repository.empty()) return {};
  const auto slash = repository.rfind('/');
  const auto name = slash == std::string::npos ? repository : repository.substr(slash + 1);
  if (!digest.empty())
    return Purl("oci", {}, in_small_letters(name), digest)
        .with("arch", image.architecture)
        .with("repository_url", repository)
        .with("tag", tag)
        .take();
  const auto first = repository.find('/');
  const bool has_registry = first != std::string::npos && repository.find_first_of(".:") < first;
  const auto path = has_registry ? repository.substr(first + 1) : repository;
  const auto last = path.rfind('/');
  return Purl("docker", last == std::string::npos ? std::string() : path.substr(0, last), name,
              image.id)
      .with("repository_url", has_registry ? repository.substr(0, first) : std::string())
      .with("tag", tag)
      .take();
}

}  // namespace

void add_image(const ImageStore& store, const ImageRow& image, evidence::Table& table) {
  table.add({{"engine", store.engine},
             {"namespace", text_or_null(image.name_space)},
             {"name", text_or_null(image.reference.repository)},
             {"tag", text_or_null(image.reference.tag)},
             {"id", text_or_null(image.id)},
             {"digest", text_or_null(image.reference.digest)},
             {"created", number_or_null(image.created)},
             {"size", number_or_null(image.size_bytes)},
             {"architecture", text_or_null(image.architecture)},
             {"os", text_or_null(image.os)},
             {"username", text_or_null(store.username)},
             {"store", store.folder},
             {"note", text_or_null(image.note)},
             {"purl", text_or_null(purl_of(image))}});
}

}  // namespace assay::agent
