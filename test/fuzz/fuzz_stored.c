/*
 * fuzz_stored.c
 *		Fuzz target: a stored value in which bytes have changed.
 *
 * The last byte of the input says how many bytes change, three bytes before it
 * for each say where and how, and what remains is the timeline's JSON text.
 * Text that is no timeline stands for one of a few that are, so that no input
 * is wasted.
 */
#include "fuzz.h"

#include <string.h>

#define MAX_CHANGES	16
#define CHANGE_SIZE	3

static const char *const timelines[] = {
	"{\"duration\":5,\"sampleRate\":44100,\"events\":[{\"timestamp\":1,\"type\":\"note\",\"duration\":2,"
	"\"confidence\":0.5,\"data\":{\"midi\":60}},{\"timestamp\":2,\"type\":\"on\",\"a\":1}],"
	"\"markers\":[{\"timestamp\":0,\"type\":\"bar\",\"value\":1}],\"metadata\":{\"a\":[]},\"b\":null}",
	"{\"duration\":1,\"sampleRate\":8000,\"features\":{\"a\":{\"hop\":512,\"dims\":2,\"values\":[[1,2],null,[null,4]]},"
	"\"b\":{\"frameRate\":60,\"startTime\":0.1,\"encoding\":\"u8\",\"range\":[0,1],\"values\":[0,null,1]},"
	"\"c\":{\"hop\":1,\"encoding\":\"f64\",\"base64\":\"AAAAAAAA8D8=\",\"unit\":\"dB\",\"kind\":\"k\"}}}",
	"{\"duration\":0,\"sampleRate\":1,\"events\":[],\"features\":{}}",
	"{\"duration\":1,\"sampleRate\":4,\"features\":{\"a\":{\"hop\":1,\"encoding\":\"u8\",\"dims\":35,\"values\":[null,"
	"[0,255,1,254,2,253,3,252,4,251,5,250,6,249,null,248,8,247,9,246,10,245,11,244,12,243,13,242,14,241,15,240,16,239,17]]},"
	"\"b\":{\"hop\":1,\"dims\":40,\"values\":[[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,"
	"21,22,23,24,25,26,27,28,29,30,31,32,33,34,35,36,37,38,39,40],null]},\"c\":{\"hop\":2,\"dims\":999,\"values\":[null]}}}",
	"{\"duration\":9,\"sampleRate\":10,\"events\":["
	"{\"timestamp\":0.1,\"type\":\"a\",\"gain\":1.50,\"data\":{\"hz\":440.00000000000006,\"name\":\"x\"}},"
	"{\"timestamp\":0.7,\"type\":\"b\",\"gain\":2.25,\"data\":{\"hz\":0.3,\"name\":\"x\",\"odd\":[1]}},"
	"{\"timestamp\":1.23,\"type\":\"a\",\"gain\":\"loud\",\"data\":{\"hz\":7,\"name\":\"y\"}},"
	"{\"timestamp\":2,\"type\":\"a\",\"duration\":1,\"gain\":3.00,\"data\":{\"hz\":1e-30}}],\"markers\":["
	"{\"timestamp\":0,\"type\":\"bar\",\"value\":1},{\"timestamp\":1,\"type\":\"bar\",\"value\":2},{\"timestamp\":2,\"type\":\"bar\",\"value\":\"end\"}]}",
};

static void
build(UnitHost *host, const uint8_t *text, size_t size, UnitImage *image)
{
	const char *instead = timelines[size % (sizeof(timelines) / sizeof(timelines[0]))];

	if (unit_image_from_text(host, (const char *) text, size, image, NULL) == ATL_OK)
		return;
	fuzz_demand(unit_image_from_text(host, instead, strlen(instead), image, NULL) == ATL_OK, "builds");
}

static void
change(UnitImage *image, const uint8_t *changes, size_t num)
{
	for (size_t i = 0; i < num; i++)
	{
		const uint8_t *at = changes + i * CHANGE_SIZE;

		image->bytes[(at[0] | (size_t) at[1] << 8) % image->size] ^= at[2];
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	UnitHost	host;
	UnitImage	image;
	size_t		num;

	if (size == 0 || size > FUZZ_MAX_TEXT)
		return 0;
	num = data[--size] % (MAX_CHANGES + 1);
	if (num * CHANGE_SIZE > size)
		num = size / CHANGE_SIZE;
	size -= num * CHANGE_SIZE;

	fuzz_host(&host);
	build(&host, data, size, &image);
	change(&image, data + size, num);
	fuzz_image(&host, image.bytes, image.size);
	unit_image_free(&image);
	fuzz_demand(host.blocks == 0, "frees all memory");
	return 0;
}
