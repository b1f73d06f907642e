// An APKINDEX.tar.gz for tests, as apk fetches it.
#pragma once

#include <zlib.h>

#include <cstdio>
#include <string>

namespace assay::agent {

inline std::string tar_member(const std::string& name, const std::string& content) {
  std::string header(512, '\0');
  header.replace(0, name.size(), name);
  char size[12];
  (void)std::snprintf(size, sizeof size, "%011zo", content.size());  // eleven digits always fit
  header.replace(124, 11, size);
  header.replace(257, 5, "ustar");
  return header + content + std::string((512 - content.size() % 512) % 512, '\0');
}

inline std::string gzipped(const std::string& text) {
  ::z_stream stream{};
  ::deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string out(::deflateBound(&stream, text.size()), '\0');
  std::string in = text;
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  ::deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  ::deflateEnd(&stream);
  return out;
}

// Not packed: the archive of the signature has no end of its own.
inline std::string index_archive(const std::string& packages) {
  return tar_member(".SIGN.RSA.alpine-devel@example.rsa.pub", "signature") +
         tar_member("DESCRIPTION", "v3.20") + tar_member("APKINDEX", packages) +
         std::string(1024, '\0');
}

}  // namespace assay::agent
