// What a page says of a control besides its title: the same wherever a control is shown.
#pragma once

#include "cli/views/page.h"
#include "cli/views/views.h"

namespace assay::cli {

// Where the document says it, to whom, how often, since when. Nothing for what is not there.
void write_circumstances(const Json& control, Language language, PageWriter* page);

}  // namespace assay::cli
