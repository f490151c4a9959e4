;; expect: component.feature.maps
;;
;; Not part of the agreed feature set.
(component (type (map string u8)))
