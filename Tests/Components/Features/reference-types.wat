;; expect: accepted
;; feature: reference-types
;; words: -
;;
;; Tables of functions are named by index.
(component
  (core module
    (table 1 funcref)
    (func (drop (table.grow (ref.null func) (i32.const 1))))))
