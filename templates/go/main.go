// Adds up the column amount of /data/rows.csv: /output/result.csv has how many rows, and their sum.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// file reads a mounted file. os.File and os.ReadFile find it empty here, without an error: whoever uses them computes
// on nothing. The test in test/ fails then.
type file struct{ descriptor int }

func open(path string) (*file, error) {
	descriptor, err := syscall.Open(path, syscall.O_RDONLY, 0)
	return &file{descriptor}, err
}

func (f *file) Read(buffer []byte) (int, error) {
	count, err := syscall.Read(f.descriptor, buffer)
	if count == 0 && err == nil && len(buffer) > 0 {
		return 0, io.EOF
	}
	return max(count, 0), err
}

func sums() error {
	input, err := open("/data/rows.csv")
	if err != nil {
		return errors.New("rows.csv cannot be read")
	}
	rows, total := 0, int64(0)
	lines := bufio.NewScanner(input)
	for header := true; lines.Scan(); header = false {
		_, amount, found := strings.Cut(lines.Text(), ",")
		if !found {
			return errors.New("rows.csv: a row has not two cells")
		}
		if header {
			continue
		}
		number, err := strconv.ParseInt(amount, 10, 64)
		if err != nil {
			return errors.New("rows.csv: an amount is not a number")
		}
		rows++
		total += number
	}
	if lines.Err() != nil {
		return errors.New("rows.csv cannot be read to its end")
	}
	return os.WriteFile("/output/result.csv", fmt.Appendf(nil, "rows,total\n%d,%d\n", rows, total), 0o644)
}

// The entry point: 0 is success.
//
//go:wasmexport wasi:cli/run@0.2.12#run
func run() int32 {
	if err := sums(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func main() {}
