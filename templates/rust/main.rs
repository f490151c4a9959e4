// Adds up the column `amount` of /data/rows.csv: /output/result.csv has how many rows, and their sum.
use std::alloc::{alloc, realloc, Layout};

/// `start` and `count` are the error's words where it failed.
#[repr(C)]
struct Answer {
    failed: bool,
    start: *mut u8,
    count: usize,
}

#[link(wasm_import_module = "twocvm:guest/files")]
extern "C" {
    #[link_name = "read"]
    fn files_read(path: *const u8, count: usize, answer: *mut Answer);
    #[link_name = "write"]
    fn files_write(path: *const u8, path_count: usize, start: *const u8, count: usize, answer: *mut Answer);
    #[link_name = "log"]
    fn files_log(start: *const u8, count: usize);
}

/// Where answers are put.
#[no_mangle]
unsafe extern "C" fn cabi_realloc(old: *mut u8, old_count: usize, alignment: usize, count: usize) -> *mut u8 {
    let fresh = if old_count == 0 {
        alloc(Layout::from_size_align_unchecked(count, alignment))
    } else {
        realloc(old, Layout::from_size_align_unchecked(old_count, alignment), count)
    };
    assert!(!fresh.is_null());
    fresh
}

fn call(work: impl FnOnce(*mut Answer)) -> Result<Vec<u8>, &'static str> {
    let mut answer = Answer { failed: false, start: std::ptr::null_mut(), count: 0 };
    work(&mut answer);
    if answer.failed {
        return Err("a file cannot be read or written");
    }
    if answer.start.is_null() {
        return Ok(Vec::new());
    }
    // It was made by `cabi_realloc`, of just that size.
    Ok(unsafe { Vec::from_raw_parts(answer.start, answer.count, answer.count) })
}

fn sums() -> Result<(), &'static str> {
    let (input, output) = ("/data/rows.csv", "/output/result.csv");
    let bytes = call(|answer| unsafe { files_read(input.as_ptr(), input.len(), answer) })?;
    let text = String::from_utf8(bytes).map_err(|_| "rows.csv is not UTF-8")?;
    let (mut rows, mut total) = (0i64, 0i64);
    for line in text.lines().skip(1) {
        let (_, amount) = line.split_once(',').ok_or("rows.csv: a row has not two cells")?;
        total += amount.parse::<i64>().map_err(|_| "rows.csv: an amount is not a number")?;
        rows += 1;
    }
    let text = format!("rows,total\n{rows},{total}\n");
    call(|answer| unsafe { files_write(output.as_ptr(), output.len(), text.as_ptr(), text.len(), answer) })?;
    Ok(())
}

/// The entry point: 0 is success.
#[export_name = "wasi:cli/run@0.2.12#run"]
extern "C" fn run() -> i32 {
    match sums() {
        Ok(()) => 0,
        Err(words) => {
            unsafe { files_log(words.as_ptr(), words.len()) };
            1
        }
    }
}
