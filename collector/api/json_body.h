// The JSON object that a request may carry, read as strictly as a query: a misspelt name is refused
// and not passed over.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "collector/api/present.h"
#include "collector/api/service.h"

namespace assay::collector::api {

// An empty object for an empty body. kUsage for what is no object, and for a name that is not
// among the `accepted`.
[[nodiscard]] Result<Json> body_in(const ApiRequest& request,
                                   const std::vector<std::string>& accepted);
// The body as one object, whatever its names. kUsage for anything else, and where it is nested too
// deep.
[[nodiscard]] Result<Json> object_in(const ApiRequest& request);
// "" when it is not there, or null. kUsage when it is no text.
[[nodiscard]] Result<std::string> text_in(const Json& body, const std::string& name);
// Sorted, each once; none when it is not there, or null. kUsage for more than `most`.
[[nodiscard]] Result<std::vector<std::string>> texts_in(const Json& body, const std::string& name,
                                                        std::size_t most);

// Of a record with a scope: kMaxRecordHosts ids or names, and its texts.
inline constexpr std::size_t kMaxScopedBodyBytes = 1U << 20U;

// The ids of the `hosts` that are named, sorted. kNotFound, kConflict as find_host() says.
[[nodiscard]] Result<std::vector<std::string>> hosts_in(const Service& service, const Json& body,
                                                        std::size_t most);
// The `groups` of the register that are named, sorted. kNotFound for one that no host is in now: it
// would be a misspelt name.
[[nodiscard]] Result<std::vector<std::string>> groups_in(const Service& service, const Json& body,
                                                         std::size_t most);

}  // namespace assay::collector::api
