/* Prints which pages of a file are in the page cache, a run a line: "page-cache: FIRST-END" in hexadecimal digits. */

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>

#define PAGE 4096

int main(int count, char **words)
{
	struct stat file;
	int fd = count > 1 ? open(words[1], O_RDONLY) : -1;
	if (fd < 0 || fstat(fd, &file) < 0)
		return 1;
	size_t pages = (file.st_size + PAGE - 1) / PAGE;
	unsigned char *cached = malloc(pages);
	void *mapped = mmap(NULL, file.st_size, PROT_READ, MAP_SHARED, fd, 0);
	if (cached == NULL || mapped == MAP_FAILED || mincore(mapped, file.st_size, cached) < 0)
		return 1;
	/* The kernel log takes a record a write. */
	setvbuf(stdout, NULL, _IOLBF, 0);
	for (size_t begin = 0, end; begin < pages; begin = end) {
		end = begin + 1;
		if (!(cached[begin] & 1))
			continue;
		while (end < pages && (cached[end] & 1))
			end++;
		printf("page-cache: %zx-%zx\n", begin, end);
	}
	puts("page-cache: end");
	return 0;
}
