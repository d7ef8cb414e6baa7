# audio_cache: a PostgreSQL extension, built with PGXS.
#
#	make, make install, make installcheck		PG_CONFIG=/path/to/pg_config

EXTENSION = audio_cache
MODULE_big = audio_cache

# The version has one source, META.json; a test holds the other files to it.
EXTVERSION = $(shell sed -n 's/^\t"version": "\(.*\)",$$/\1/p' META.json)

SOURCES = $(wildcard src/*.c src/core/*/*.c src/pg/*/*.c)
INCLUDED = $(wildcard src/core/*.h src/core/*/*.h src/pg/*/*.h)
OBJS = $(SOURCES:.c=.o)
DATA = $(wildcard sql/audio_cache--*.sql)
DOCS = doc/cookbook.md doc/format.md doc/reference.md doc/upgrading.md

REGRESS = $(sort $(basename $(notdir $(wildcard test/sql/*.sql))))
REGRESS_OPTS = --inputdir=test --load-extension=audio_cache --encoding=UTF8 --no-locale
ISOLATION = $(sort $(basename $(notdir $(wildcard test/isolation/specs/*.spec))))
ISOLATION_OPTS = --inputdir=test/isolation --load-extension=audio_cache

# No contraction: the same bytes must give the same numbers on every processor.
PG_CPPFLAGS = -Isrc -ffp-contract=off -DAUDIO_CACHE_VERSION='"$(EXTVERSION)"'
PG_CFLAGS = -Wall -Wextra -Werror -Wno-unused-parameter -Wno-sign-compare -Wno-missing-field-initializers
# Only what the server calls is visible: two extensions must never bind to each other's code.
SHLIB_LINK = -Wl,--version-script=src/audio_cache.map

PG_CONFIG ?= pg_config
PGXS := $(shell $(PG_CONFIG) --pgxs)
include $(PGXS)

# Loops over the numbers of a piece: the server's own flags for such files.
src/core/codec/pack.o src/core/codec/piece_decode.o src/core/codec/encoding.o src/core/image/summary.o: CFLAGS += $(CFLAGS_UNROLL_LOOPS) $(CFLAGS_VECTORIZE)

# PGXS may be built without dependency tracking; a stale struct layout is worse than a rebuild.
$(OBJS) $(OBJS:.o=.bc): $(INCLUDED) Makefile META.json
$(shlib): src/audio_cache.map
