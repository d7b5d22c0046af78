// SPDX-License-Identifier: MIT
// A C++ program as many are: maps of strings, vectors that grow, shared
// pointers, on two threads. Prints a sum, so that nothing is left out.
#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

static unsigned long work(unsigned long seed)
{
	std::map<std::string, std::vector<int>> ordered;
	std::unordered_map<unsigned long, std::shared_ptr<std::string>> hashed;
	unsigned long sum = 0;

	for (int i = 0; i < 300000; i++) {
		seed = seed * 6364136223846793005UL + 1442695040888963407UL;
		unsigned long key = (seed >> 33) % 40000;
		ordered["a key of some length " + std::to_string(key)].push_back(i);
		hashed[key] = std::make_shared<std::string>(key % 200, 'x');
		if (i % 7 == 0)
			ordered.erase("a key of some length " +
				      std::to_string(key / 2));
	}
	for (const auto &e : ordered)
		sum += e.first.size() * e.second.size();
	for (const auto &e : hashed)
		sum += e.second->size();
	return sum;
}

int main()
{
	unsigned long a = 0, b = 0;
	std::thread other([&] { a = work(1); });

	b = work(2);
	other.join();
	std::printf("%lu\n", a + b);
}
