// What a process that stays keeps in memory once it has started.
#pragma once

namespace assay::agent {

// Unmaps the program text that only starting up, or the last piece of work, has touched. It stays
// in the page cache and is mapped again when it is needed (a minor fault a page), so this costs
// microseconds and takes the resident size to what idling really uses. Also returns freed heap to
// the system. Never fails: what cannot be done is left as it is.
void shrink_footprint();

}  // namespace assay::agent
