// Protocols that are spoken over HTTP and are told by what it answers to GET /.
//
// One folder beside this one and one line in http.cc each.
#pragma once

#include "agent/network/services/protocols/dialogue.h"
#include "agent/network/services/protocols/http/http_answer.h"

namespace assay::agent::services {

struct HttpApplication {
  // Whether the answer to GET / is its, and what it tells.
  bool (*take)(const HttpAnswer& answer, Facts* facts);
  // Whether HEAD of `path` is worth asking after an answer to GET / that may be its; and what the
  // answer to that tells. nullptr: it is not asked.
  bool (*may_be)(const HttpAnswer& answer);
  const char* path;
  bool (*take_head)(const HttpAnswer& answer, Facts* facts);
};

extern const HttpApplication kElasticsearch;
extern const HttpApplication kDocker;

}  // namespace assay::agent::services
