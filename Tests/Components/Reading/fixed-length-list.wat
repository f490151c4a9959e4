;; expect: component.feature.fixedLengthLists
;;
;; A list whose size in memory is not bounded by what is sent.
(component (type (list u8 4294967295)))
