// evt_status.h: what every fallible function of this library returns.
#ifndef EVT_STATUS_H
#define EVT_STATUS_H

typedef enum {
    EVT_OK = 0,
    EVT_BAD_ARGUMENT = 1,     // a size, count or setting is out of its documented range
    EVT_SMALL_WORKSPACE = 2,  // the workspace is too small or not aligned to 64 bytes
    EVT_NOT_LOADED = 3,       // the shared object cannot be loaded or lacks a function of the kernel ABI
    EVT_UNAVAILABLE = 4,      // the library below (GSL, the operating system) refused
} evt_status;

#endif
