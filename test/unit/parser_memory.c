/*
 * parser_memory.c
 *		palloc for the server's JSON parser outside of the server.
 *
 * The parser leaves memory behind when it stops at an error; in the server a
 * memory context takes care of that.  Here it is a list, freed at once, so
 * that the leak checker can be on.
 */
#include "postgres_fe.h"

#include "support.h"

typedef struct Block
{
	struct Block *next;
	struct Block *previous;
	max_align_t bytes[];
} Block;

static Block *blocks;

static void
link_block(Block *block)
{
	block->previous = NULL;
	block->next = blocks;
	if (blocks != NULL)
		blocks->previous = block;
	blocks = block;
}

static void
unlink_block(Block *block)
{
	if (block->next != NULL)
		block->next->previous = block->previous;
	if (block->previous != NULL)
		block->previous->next = block->next;
	else
		blocks = block->next;
}

static Block *
block_of(void *pointer)
{
	return (Block *) ((char *) pointer - offsetof(Block, bytes));
}

void *
palloc(Size size)
{
	Block	   *block = malloc(sizeof(Block) + size);

	if (block == NULL)
		abort();
	link_block(block);
	return block->bytes;
}

void *
palloc0(Size size)
{
	return memset(palloc(size), 0, size);
}

void *
repalloc(void *pointer, Size size)
{
	Block	   *block = block_of(pointer);

	unlink_block(block);
	block = realloc(block, sizeof(Block) + size);
	if (block == NULL)
		abort();
	link_block(block);
	return block->bytes;
}

void
pfree(void *pointer)
{
	Block	   *block = block_of(pointer);

	unlink_block(block);
	free(block);
}

char *
pstrdup(const char *string)
{
	size_t		size = strlen(string) + 1;

	return memcpy(palloc(size), string, size);
}

void
unit_parser_free(void)
{
	while (blocks != NULL)
		pfree(blocks->bytes);
}
