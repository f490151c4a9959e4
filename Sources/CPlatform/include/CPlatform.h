#pragma once

#include "sev_guest.h"
